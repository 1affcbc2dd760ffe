"""The three ways to loyalty, and whether deeds follow them."""
