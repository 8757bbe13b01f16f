"""Templates, examples, and whether papers can be made again."""
