"""What was decided, by which rule, on which facts."""
