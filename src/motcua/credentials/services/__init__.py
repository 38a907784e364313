"""Acts on credentials: issue, revoke, change keys, publish, record scans."""

from .issuing import CaseHasPass, CredentialNotStanding, IssuedCredential, issue, revoke
from .keys import KeyNotKnown, ensure_keys, revoke_key, rotate_key
from .many import restore_together, revoke_together
from .publishing import publish_if_due, publish_keys, publish_status_list, write_published
from .scans import NotAnInspector, ScanSeen, ScanUpload, UploadOutcome, record_scans
from .together import PassDraft, SealedPass, rows_of_passes, seal_together, store_together, told_of_pass

__all__ = [
    "CaseHasPass",
    "CredentialNotStanding",
    "IssuedCredential",
    "KeyNotKnown",
    "NotAnInspector",
    "PassDraft",
    "ScanSeen",
    "ScanUpload",
    "SealedPass",
    "UploadOutcome",
    "ensure_keys",
    "issue",
    "publish_if_due",
    "publish_keys",
    "publish_status_list",
    "record_scans",
    "restore_together",
    "revoke",
    "revoke_key",
    "revoke_together",
    "rotate_key",
    "rows_of_passes",
    "seal_together",
    "store_together",
    "told_of_pass",
    "write_published",
]
