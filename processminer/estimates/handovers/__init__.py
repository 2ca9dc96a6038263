"""How long deals wait to be taken over, and what that wait changes. Reads the log and who has which role."""
