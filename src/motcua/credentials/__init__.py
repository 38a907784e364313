"""Signed passes, their keys, status list and scans."""
