"""The certificate of marital status of tests/support/dossier.py, sealed or refused, and the archive that takes it in."""

from dossier import accepted, dossier, office

__all__ = ["accepted", "dossier", "office"]
