"""Scores of a hierarchy of units, and what of small groups may be shown."""
