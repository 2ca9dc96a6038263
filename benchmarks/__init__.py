"""Side-by-side measurements against the peers: printed, never asserted in a test."""
