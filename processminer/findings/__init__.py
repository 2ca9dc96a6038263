"""Opinions: one rule per file, every threshold in it with its reason, each docstring the rule's manual page."""
