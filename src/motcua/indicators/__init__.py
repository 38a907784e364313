"""Figures with definition, value and receipt."""
