"""Proposals: each finding's smallest edit of the playbook, as a diff to review. Nothing is rewritten unless told to."""
