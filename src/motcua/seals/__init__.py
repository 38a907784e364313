"""Signatures, credentials as text, status lists and hash chains; pure Python."""
