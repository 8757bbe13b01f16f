"""`samverkan ledger`: what an auditor adds up of the money."""
