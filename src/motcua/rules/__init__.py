"""Rules as DMN and FEEL, the OMG standard: one case explained, or a whole city at once.

Three lines decide a case: `model = load("pass.dmn")`, `decision = model({"age": 17})`,
`print(decision.text("vi"))`. Pure Python; nothing here knows of Django or of the platform.
"""

from motcua.rules.analysis import Finding
from motcua.rules.changes import Change, InputChange
from motcua.rules.decision import Decision
from motcua.rules.errors import (
    DecisionAmbiguous,
    FactNotAllowed,
    FeelRefused,
    ModelRefused,
    RulesError,
    UnknownDecision,
    UnknownInput,
    WorkExceeded,
)
from motcua.rules.evaluation import InputData, Model, load
from motcua.rules.explanation import (
    Condition,
    Explanation,
    RuleMiss,
    TableWhy,
)
from motcua.rules.expressions import compile_feel, compile_unary, evaluate_feel
from motcua.rules.tables import RuleHit

__all__ = [
    "Change",
    "Condition",
    "Decision",
    "DecisionAmbiguous",
    "Explanation",
    "FactNotAllowed",
    "FeelRefused",
    "Finding",
    "InputChange",
    "InputData",
    "Model",
    "ModelRefused",
    "RuleHit",
    "RuleMiss",
    "RulesError",
    "TableWhy",
    "UnknownDecision",
    "UnknownInput",
    "WorkExceeded",
    "compile_feel",
    "compile_unary",
    "evaluate_feel",
    "load",
]
