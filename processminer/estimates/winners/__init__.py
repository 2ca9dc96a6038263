"""What the deals that went on, and those that were won, have in common: descriptions with intervals, no causes."""
