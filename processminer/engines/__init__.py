"""One door per big library. What lies behind a door knows nothing of deals."""
