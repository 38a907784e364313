"""A person's papers: checked when they come in, kept once, shared for a time, and every reading noted."""
