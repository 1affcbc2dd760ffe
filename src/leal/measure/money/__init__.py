"""Customers and their purchases in money, by what they said."""
