"""Acts on fees; each is one transaction under one lock, so that money is counted by one hand at a time."""

from motcua.fees.services.accounts import set_bank_account
from motcua.fees.services.assigning import AlreadyAssigned, assign_payment
from motcua.fees.services.demanding import DemandSettled, cancel_demand, demand, take_back_demand
from motcua.fees.services.importing import import_statement
from motcua.fees.services.paying import ReferenceReused, Taken, take_payment
from motcua.fees.services.refunding import (
    MoreThanPaid,
    RefundClosed,
    SecondPersonNeeded,
    ask_refund,
    confirm_refund,
    decline_refund,
)

__all__ = [
    "AlreadyAssigned",
    "DemandSettled",
    "MoreThanPaid",
    "ReferenceReused",
    "RefundClosed",
    "SecondPersonNeeded",
    "Taken",
    "ask_refund",
    "assign_payment",
    "cancel_demand",
    "confirm_refund",
    "decline_refund",
    "demand",
    "import_statement",
    "set_bank_account",
    "take_back_demand",
    "take_payment",
]
