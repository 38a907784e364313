"""Acts of help: begin with a consent, carry papers, file, object, settle, import teams; one file a verb."""

from motcua.teams.services.begin import (
    Begun,
    Consent,
    ConsentNotOurs,
    NotAMember,
    Presented,
    SignatureRefused,
    begin_help,
)
from motcua.teams.services.carry import NotAPaperField, carry_paper
from motcua.teams.services.file import AlreadyFiled, HelpNotBegun, PaperNotCarried, file_help, hear_of_filings
from motcua.teams.services.object import NotHelped, object_to_help, settle_objection

__all__ = [
    "AlreadyFiled",
    "Begun",
    "Consent",
    "ConsentNotOurs",
    "HelpNotBegun",
    "NotAMember",
    "NotAPaperField",
    "NotHelped",
    "PaperNotCarried",
    "Presented",
    "SignatureRefused",
    "begin_help",
    "carry_paper",
    "file_help",
    "hear_of_filings",
    "object_to_help",
    "settle_objection",
]
