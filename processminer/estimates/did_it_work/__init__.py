"""Whether a change of the playbook did what it was to do: never by a before and after alone."""
