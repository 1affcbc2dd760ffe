"""Who is leaving, what it is worth to know, whom to contact and whom to leave alone."""
