"""What an action brought: experiments, noticing, and the ledger of promised and proved."""
