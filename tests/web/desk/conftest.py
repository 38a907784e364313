"""Officers at the desk of the small service."""

import importlib.util
import sys
from pathlib import Path

_spec = importlib.util.spec_from_file_location("web_garden", Path(__file__).parents[1] / "garden.py")
assert _spec is not None
assert _spec.loader is not None
if "web_garden" not in sys.modules:
    sys.modules["web_garden"] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(sys.modules["web_garden"])

from web_garden import (  # noqa: E402 - loaded by its file above
    CITY,
    ELSEWHERE,
    HERE,
    MEMBER,
    NOW,
    OTHER_WARD,
    STRANGER,
    UNSURE,
    WARD,
    SignIn,
    citizen,
    clock,
    file,
    garden,
    members,
    other_office,
    procedure,
    sign_in,
)

__all__ = [
    "CITY",
    "ELSEWHERE",
    "HERE",
    "MEMBER",
    "NOW",
    "OTHER_WARD",
    "STRANGER",
    "UNSURE",
    "WARD",
    "SignIn",
    "citizen",
    "clock",
    "file",
    "garden",
    "members",
    "other_office",
    "procedure",
    "sign_in",
]
