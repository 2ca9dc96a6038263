"""Shapes: how the tables of an export say which stage a deal entered and when; each shape ends in a Source."""
