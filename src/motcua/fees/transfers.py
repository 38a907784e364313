"""Money that arrived, whoever tells of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Transferred:
    """Money that arrived, as the bank tells of it."""

    reference: str
    amount_vnd: int
    paid_at: datetime
    purpose: str
    payer_name: str = ""
    payer_account: str = ""
