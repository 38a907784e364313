"""Acts on the law: write a directive, put it in force with two persons, undo it, and declare what it may set."""

from motcua.directives.services.deciding import (
    ConfirmedTooLate,
    DirectiveMovedOn,
    MomentNotPossible,
    NotYetDue,
    ReplacedSince,
    SecondPersonNeeded,
    TooLateToUndo,
    begin,
    confirm,
    install,
    schedule,
    undo,
    unschedule,
)
from motcua.directives.services.declaring import declare_parameters, withdraw_parameters
from motcua.directives.services.drafts import (
    DirectiveNotOpen,
    DirectiveNotYours,
    NothingChanged,
    change,
    discard,
    import_values,
    prepare,
    recolor,
)
from motcua.directives.services.ending import tell_ended

__all__ = [
    "ConfirmedTooLate",
    "DirectiveMovedOn",
    "DirectiveNotOpen",
    "DirectiveNotYours",
    "MomentNotPossible",
    "NotYetDue",
    "NothingChanged",
    "ReplacedSince",
    "SecondPersonNeeded",
    "TooLateToUndo",
    "begin",
    "change",
    "confirm",
    "declare_parameters",
    "discard",
    "import_values",
    "install",
    "prepare",
    "recolor",
    "schedule",
    "tell_ended",
    "undo",
    "unschedule",
    "withdraw_parameters",
]
