"""Whether divisions of the customers are worth having."""
