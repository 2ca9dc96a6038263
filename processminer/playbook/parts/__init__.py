"""What a playbook is made of, in the words of its file: stages, roles, outcomes, metrics, and what keeps it alive."""
