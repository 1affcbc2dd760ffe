"""Which number foretells money, and what each group of customers brings."""
