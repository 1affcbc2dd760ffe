"""What to do and what it would bring: actions and their economics, word of mouth, wishes."""
