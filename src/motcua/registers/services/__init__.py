"""Acts on registers: declare one, load a file into it, ask it, keep its access log in months."""

from motcua.registers.services.asking import (
    PurposeNotAllowed,
    QuestionNotPossible,
    RegisterNotDeclared,
    ask,
    ask_about_many,
)
from motcua.registers.services.declaring import Declared, create_access_months, declare
from motcua.registers.services.loading import LoadReport, NotLoadable, load_csv

__all__ = [
    "Declared",
    "LoadReport",
    "NotLoadable",
    "PurposeNotAllowed",
    "QuestionNotPossible",
    "RegisterNotDeclared",
    "ask",
    "ask_about_many",
    "create_access_months",
    "declare",
    "load_csv",
]
