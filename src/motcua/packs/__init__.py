"""Reads, checks, proves and installs packs."""
