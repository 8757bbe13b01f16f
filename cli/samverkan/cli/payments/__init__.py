"""`samverkan import payments`: what the employer saw arrive, from a file."""
