"""Drafts of playbooks from what a CRM or a modelling tool already says. Reads files; writes text, never a file."""
