"""What an agency offers: procedures, revisions and their content."""
