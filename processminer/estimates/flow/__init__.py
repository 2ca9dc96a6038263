"""The flow of deals as a semi-Markov process: what it is, and what a change of a stage would do to the wins."""
