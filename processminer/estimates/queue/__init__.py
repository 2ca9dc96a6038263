"""The pipeline as queues: who comes, leaves and waits, week by week, and whether waiting is for the owner."""
