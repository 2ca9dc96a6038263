"""Jumps and returns: whether deals that took them do worse than deals that could have. Reads the log alone."""
