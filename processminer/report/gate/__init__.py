"""The verdict of a check in the forms that machines of continuous integration read."""
