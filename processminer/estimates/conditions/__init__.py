"""What was there when deals first went on from a stage, and what came of it. Reads the log; asks for nothing."""
