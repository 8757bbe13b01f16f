"""Where Samverkan runs: the embedded broker and database, and what other places need."""
