"""Community digital teams: who helped whom to file, with which consent, and what the person says of it later."""
