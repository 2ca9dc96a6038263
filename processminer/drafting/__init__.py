"""Drafts of playbooks from what won deals did, each line with its evidence. What is written down is decided here."""
