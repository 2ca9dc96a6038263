"""What happened: an export read into the canonical relations of an EventLog. Knows no playbook."""
