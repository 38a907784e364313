"""Typeset letters and passes as PDF."""
