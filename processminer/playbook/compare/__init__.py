"""What changed from one playbook to another, as values with a sentence each. Knows no log, and draws nothing."""
