"""A playbook as a book for the people who sell: composed once, then written as pages, as Markdown and for Word."""
