"""The log against the playbook: optimal alignments, obligations, a verdict per deal. Open deals owe nothing yet."""
