"""Erasing a case whose dossier was lawfully destroyed: what the path itself keeps of it goes with the package."""

from datetime import datetime

from django.db import transaction

from motcua.cases.consults.models import CaseSight, Consultation
from motcua.cases.counter.models import OnBehalf
from motcua.cases.desk.models import ActBatchItem, Apology, Assignment
from motcua.cases.models import Case, CaseEntry, EntryDetails, Submission
from motcua.cases.states import Phase
from motcua.decisions.models import DecisionRecord
from motcua.vault.models import Component


@transaction.atomic
def erase_case(*, number: str, ended_at: datetime) -> bool:
    """Delete the case with its answers, decisions, history and what the desk noted; False if it is not as it ended.

    That two persons decided so is the caller's to know. What is under a law of its own stays: the register of sealed
    results, money, who looked, passes and their revocation, and the papers of the person, which are theirs.
    """
    ended = (Phase.GRANTED, Phase.REFUSED, Phase.CLOSED)
    standing = Case.objects.filter(number=number, changed_at__lte=ended_at, phase__in=ended)
    if (
        not standing.exists()
        or CaseEntry.objects.filter(case_number=number, happened_at__gt=ended_at).exists()
    ):
        return False
    EntryDetails.objects.filter(entry__case_number=number).delete()
    for model in (
        Consultation,
        CaseSight,
        OnBehalf,
        ActBatchItem,
        Apology,
        Assignment,
        Submission,
        CaseEntry,
        DecisionRecord,
        Component,
    ):
        model.objects.filter(case_number=number).delete()
    Case.objects.filter(number=number).delete()
    return True
