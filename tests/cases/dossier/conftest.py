"""The certificate of marital status of tests/support/dossier.py."""

from dossier import accepted, dossier, office

__all__ = ["accepted", "dossier", "office"]
