"""What customers will bring: lifetime value, its change, its holdouts."""
