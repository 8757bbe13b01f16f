"""`samverkan republish`, `compare` and `topics`: logs and topics of the running system, and what an operator may do."""
