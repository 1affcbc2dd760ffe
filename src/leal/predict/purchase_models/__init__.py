"""Models of repeat purchases, contracts and amounts, from the likelihood to the expectation."""
