"""Actions and wishes: what they cost, who noticed, what they moved."""
