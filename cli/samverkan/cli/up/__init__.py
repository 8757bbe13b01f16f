"""`samverkan up`: the whole system on one machine, every service and agency a process of its own."""
