"""Which deals are won far more or less often than what they are promises: combinations of two segments."""
