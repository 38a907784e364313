"""Acts of the archive: put ended dossiers in, read one, check one, propose to destroy, decide."""

from motcua.archives.services.archive import ArchivedToday, NotEnded, archive_ended
from motcua.archives.services.read import DossierNotFound, PackageGone, open_package
from motcua.archives.services.verify import Checked, verify_package

__all__ = [
    "ArchivedToday",
    "Checked",
    "DossierNotFound",
    "NotEnded",
    "PackageGone",
    "archive_ended",
    "open_package",
    "verify_package",
]
