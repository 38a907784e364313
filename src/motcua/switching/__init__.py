"""What a change of law does to everything outstanding: tried out by set, then carried out, then perhaps undone."""
