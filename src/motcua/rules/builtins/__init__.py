"""The built-in functions of FEEL, DMN 1.5 chapter 10.3.4, one file for each kind."""

from motcua.rules.builtins import contexts, lists, moments, numbers, ranges, sorting, strings
from motcua.rules.builtins.registry import BUILTINS, Builtin, as_function

__all__ = [
    "BUILTINS",
    "Builtin",
    "as_function",
    "contexts",
    "lists",
    "moments",
    "numbers",
    "ranges",
    "sorting",
    "strings",
]
