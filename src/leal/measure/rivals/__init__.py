"""Brands beside each other: scores, wallets, who takes customers from whom."""
