"""Reading back: a clean log of our own becomes the event log that it was written from, and is not judged again."""
