"""Acts of the archive: put ended dossiers in, read one, check one, propose to destroy, decide."""

from motcua.archives.services.archive import ArchivedToday, NotEnded, archive_ended
from motcua.archives.services.destroy import (
    DestructionDecidedAlready,
    DossierWaits,
    NothingChosen,
    NotPastTerm,
    SamePersonTwice,
    decide_destruction,
    propose_destruction,
)
from motcua.archives.services.read import DossierNotFound, PackageGone, open_package
from motcua.archives.services.renew import Renewed, renew_stamps
from motcua.archives.services.verify import Checked, verify_package

__all__ = [
    "ArchivedToday",
    "Checked",
    "DestructionDecidedAlready",
    "DossierNotFound",
    "DossierWaits",
    "NotEnded",
    "NotPastTerm",
    "NothingChosen",
    "PackageGone",
    "Renewed",
    "SamePersonTwice",
    "archive_ended",
    "decide_destruction",
    "open_package",
    "propose_destruction",
    "renew_stamps",
    "verify_package",
]
