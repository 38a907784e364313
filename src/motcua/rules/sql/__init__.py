"""The set-based engine: the total typed subset of FEEL and DMN as one SQL statement."""

from motcua.rules.sql.columns import numbers_of
from motcua.rules.sql.dialects import DIALECTS
from motcua.rules.sql.flips import DiffPlan, Flips
from motcua.rules.sql.plan import SetPlan, plan_for
from motcua.rules.sql.relations import DecidedRelation, NoSuchRow, decide_relation, decide_row
from motcua.rules.sql.several import SeveralPlan, plan_several
from motcua.rules.sql.subset import NotInSubset
from motcua.rules.sql.ways import Way

__all__ = [
    "DIALECTS",
    "DecidedRelation",
    "DiffPlan",
    "Flips",
    "NoSuchRow",
    "NotInSubset",
    "SetPlan",
    "SeveralPlan",
    "Way",
    "decide_relation",
    "decide_row",
    "numbers_of",
    "plan_for",
    "plan_several",
]
