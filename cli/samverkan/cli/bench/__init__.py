"""`samverkan bench`: how fast the backbone is, each figure beside the floor that the same machine gave just then."""
