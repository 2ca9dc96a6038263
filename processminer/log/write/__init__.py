"""Writing: an event log out of the house, as files that other programs read and that we read back to the same log."""
