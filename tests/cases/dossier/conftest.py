"""The certificate of marital status of tests/support/dossier.py."""

from consulting import asking
from dossier import accepted, dossier, office

__all__ = ["accepted", "asking", "dossier", "office"]
