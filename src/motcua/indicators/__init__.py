"""Figures: definitions, live values, and the receipt of each, which opens into its rows."""
