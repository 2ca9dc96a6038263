"""Tables: whatever was given (files, folders, archives, databases) as cells, every row knowing its place."""
