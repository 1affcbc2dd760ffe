"""The Net Promoter Score, satisfaction and ease: one figure, groups of them, what they stand on."""
