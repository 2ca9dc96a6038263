"""Pure numerics: curves, intervals, rates. Knows nothing of deals, files or engines."""
