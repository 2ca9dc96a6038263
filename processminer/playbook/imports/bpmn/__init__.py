"""Drafts from BPMN 2.0 where it tells a sequence with choices; what a playbook cannot say is refused or listed."""
