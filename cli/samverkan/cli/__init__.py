"""The `samverkan` command. The only place that knows every service by name."""
