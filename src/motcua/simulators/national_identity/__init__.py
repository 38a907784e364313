"""Stands in for the national identity (VNeID): a real OpenID Connect provider with sample people.

Loopback only. It keeps codes and its key in memory and asks for no password: whoever reaches it may
choose any of the sample people, who do not exist.
"""
