"""The papers of a case: what stands in a consent, and the paper as intake records it. Pure."""
