"""What very many people read at once, answered from the memory of the web process; the rest is Django's."""
