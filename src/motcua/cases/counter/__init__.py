"""Filing for a person who has come to a counter, or whose papers came by post."""
