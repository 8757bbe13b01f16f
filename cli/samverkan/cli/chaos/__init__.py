"""`samverkan chaos`: the whole system under load while faults strike, then a checker over everything it left behind."""
