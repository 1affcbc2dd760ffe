"""What customers will do and what that is worth: lifetime value, retention, who is leaving."""
