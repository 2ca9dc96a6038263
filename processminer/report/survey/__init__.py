"""A few short questions to the team about what the proposals rest on, and its answers beside the evidence."""
