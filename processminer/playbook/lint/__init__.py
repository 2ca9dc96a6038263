"""What a playbook could say better: one file per family of rules, their catalogue, and the four questions."""
