"""Stands in for a bank: accounts, transfers by VietQR, signed notices with a bank's usual mishaps, a statement.

Loopback only, and everything is kept in memory: the money and the people do not exist.
"""
