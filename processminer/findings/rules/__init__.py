"""One rule a file: one pure function over the facts, whose docstring is the page that `explain` prints."""
