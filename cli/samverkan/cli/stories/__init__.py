"""Stories: YAML files of HTTP requests with what must come of them, played on a running system."""
