"""Why deals wait: for touches where tasks have times, and for people where work has a start, an end and a name."""
