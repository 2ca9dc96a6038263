"""What was declared: the playbook as a model, its reading and lint, and edits that keep every other line. Knows no log."""
