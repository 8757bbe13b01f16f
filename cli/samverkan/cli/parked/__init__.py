"""`samverkan parked`: what stands still, and what an operator may do about it (S6)."""
