"""Acts on cases: file, go on when a silent register speaks, act, object; one file a verb."""

from motcua.cases.allotments import NothingLeft
from motcua.cases.services.act import CaseMovedOn, act_on_case
from motcua.cases.services.draft import discard_draft, save_draft
from motcua.cases.services.filing import (
    Filed,
    KeyReused,
    Requested,
    SubmissionInFlight,
    file_case,
    file_together,
)
from motcua.cases.services.object import ObjectionTooLate, object_to_decision, withdraw_case
from motcua.cases.services.settle import ask_again

__all__ = [
    "CaseMovedOn",
    "Filed",
    "KeyReused",
    "NothingLeft",
    "ObjectionTooLate",
    "Requested",
    "SubmissionInFlight",
    "act_on_case",
    "ask_again",
    "discard_draft",
    "file_case",
    "file_together",
    "object_to_decision",
    "save_draft",
    "withdraw_case",
]
