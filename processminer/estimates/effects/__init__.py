"""What an action changes, counted from the moment it was decided on. Reads the log; judges no effect."""
