"""The set-based engine: the total typed subset of FEEL and DMN as one SQL statement."""

from motcua.rules.sql.dialects import DIALECTS
from motcua.rules.sql.flips import DiffPlan, Flips
from motcua.rules.sql.plan import SetPlan, plan_for
from motcua.rules.sql.subset import NotInSubset

__all__ = ["DIALECTS", "DiffPlan", "Flips", "NotInSubset", "SetPlan", "plan_for"]
