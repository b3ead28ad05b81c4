"""How many samples or people a post tells: which numbers count, and of what kind."""
