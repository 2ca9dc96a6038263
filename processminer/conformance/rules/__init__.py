"""The rules beside the path, one kind a file with its query: who keeps them, breaks them, or may still do either."""
