"""Acts on registers: declare one, load a file into it, ask it."""

from motcua.registers.services.asking import (
    PurposeNotAllowed,
    QuestionNotPossible,
    RegisterNotDeclared,
    ask,
    ask_about_many,
)
from motcua.registers.services.declaring import Declared, declare
from motcua.registers.services.loading import LoadReport, NotLoadable, load_csv
from motcua.registers.services.together import Inquiry, Interview, ask_together, questionnaire_of

__all__ = [
    "Declared",
    "Inquiry",
    "Interview",
    "LoadReport",
    "NotLoadable",
    "PurposeNotAllowed",
    "QuestionNotPossible",
    "RegisterNotDeclared",
    "ask",
    "ask_about_many",
    "ask_together",
    "declare",
    "load_csv",
    "questionnaire_of",
]
