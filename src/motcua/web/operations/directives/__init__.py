"""Leaders' pages about directives: what they say, what they would do, and the way to a switch and back."""
