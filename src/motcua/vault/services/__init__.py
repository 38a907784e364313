"""Acts on papers: keep, delete, provide to a case, share, open; one file a verb."""

from motcua.vault.services.delete import PaperHeld, PaperNotYours, delete_paper
from motcua.vault.services.keep import KeptPaper, keep_result, keep_upload, mark_withdrawn
from motcua.vault.services.provide import Provided, provide_components
from motcua.vault.services.read import ReadPaper, open_for_officer, read_held, read_own
from motcua.vault.services.share import (
    LinkNotOpen,
    NewShare,
    OpenedShare,
    ShareRefused,
    open_share,
    read_shared,
    revoke_share,
    share_papers,
)

__all__ = [
    "KeptPaper",
    "LinkNotOpen",
    "NewShare",
    "OpenedShare",
    "PaperHeld",
    "PaperNotYours",
    "Provided",
    "ReadPaper",
    "ShareRefused",
    "delete_paper",
    "keep_result",
    "keep_upload",
    "mark_withdrawn",
    "open_for_officer",
    "open_share",
    "provide_components",
    "read_held",
    "read_own",
    "read_shared",
    "revoke_share",
    "share_papers",
]
