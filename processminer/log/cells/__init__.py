"""Cells: what is written in a column of an export, read as what it means. Decides per column, never per cell."""
