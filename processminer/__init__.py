"""Finds out what sales deals really do, compares it with the playbook, and proposes the playbook's next version."""

__version__ = "0.1.0"
