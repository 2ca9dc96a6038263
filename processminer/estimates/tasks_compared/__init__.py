"""When in a deal's life its tasks are done: in which order, and how late those that deals fail. Reads the log."""
