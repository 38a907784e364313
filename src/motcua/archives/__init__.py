"""The archive: ended dossiers as packages that other people's tools read, kept for their term and destroyed by two."""
