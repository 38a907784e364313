"""Acts on cases: file, go on when a silent register speaks, act, object; one file a verb."""

from motcua.cases.allotments import NothingLeft
from motcua.cases.services.act import CaseMovedOn, act_by_machine, act_on_case
from motcua.cases.services.consult import ConsultClosed, answer_consult
from motcua.cases.services.draft import discard_draft, save_draft
from motcua.cases.services.filing import (
    Filed,
    KeyReused,
    Requested,
    SubmissionInFlight,
    file_case,
    file_together,
)
from motcua.cases.services.following import Followed, follow_part
from motcua.cases.services.object import ObjectionTooLate, object_to_decision, withdraw_case
from motcua.cases.services.settle import ask_again
from motcua.cases.services.supply import NothingAsked, supply_additions
from motcua.cases.services.turning import Place, Redecided, Turn, turn_together

__all__ = [
    "CaseMovedOn",
    "ConsultClosed",
    "Filed",
    "Followed",
    "KeyReused",
    "NothingAsked",
    "NothingLeft",
    "ObjectionTooLate",
    "Place",
    "Redecided",
    "Requested",
    "SubmissionInFlight",
    "Turn",
    "act_by_machine",
    "act_on_case",
    "answer_consult",
    "ask_again",
    "discard_draft",
    "file_case",
    "file_together",
    "follow_part",
    "object_to_decision",
    "save_draft",
    "supply_additions",
    "turn_together",
    "withdraw_case",
]
