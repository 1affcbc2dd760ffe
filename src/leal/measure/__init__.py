"""Scores, movement, signals, rank, purchases and money by group."""
