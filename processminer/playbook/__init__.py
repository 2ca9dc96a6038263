"""What was declared: the playbook as a model, its reading and lint, and edits that move no other line. Knows no log."""
