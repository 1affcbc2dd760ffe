"""What moved: the same customers between waves, scores of waves, moods that changed."""
