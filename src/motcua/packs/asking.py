"""Asks a designer in a terminal for the outline of a service; Enter takes what stands in brackets.

Each answer is checked when it is given and asked again when it does not fit. At the end of the input, what
is left is taken from the starter.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from motcua.procedures.content import Bilingual, Feel, Name, Text

from .outline import AskedField, Grant, LookedUp, Outline, RuleRow

Given = dict[str, Any]  # Any: the plain values from which pydantic makes the outline
KINDS = ("text", "long_text", "number", "date", "choice", "place", "promise")
ANSWERS = ("refuse", "refer")
OPTIONS_HINT = "value=tiếng Việt/English, the next after a semicolon"
NAME, TEXT, FEEL = TypeAdapter(Name), TypeAdapter(Text), TypeAdapter(Feel)
WHOLE = TypeAdapter(int)


class Asking:
    """One conversation: ``read`` shows a prompt and returns a line, ``say`` shows a line."""

    def __init__(self, read: Callable[[str], str], say: Callable[[str], None]) -> None:
        self.read, self.say = read, say
        self.ended = False

    def outline(self, starter: Outline) -> Outline:
        """Return the outline; what is left out is the starter's. Raises ``ValueError`` where parts do not fit."""
        given = starter.model_dump(mode="json", by_alias=True)
        self.say(
            "A new service. Enter keeps what stands in brackets. / Một dịch vụ mới. Enter để giữ giá trị trong ngoặc."
        )
        for key, words in (
            ("title", "Name"),
            ("summary", "One sentence for citizens"),
            ("audience", "For whom"),
        ):
            given[key] = self.both(words, given[key])
        given["agency"] = self.one("Code of the agency that handles it", NAME, given["agency"])
        given["requirements"] = [self.both("What is required", given["requirements"][0])]
        given["legal_basis"] = [self._basis(given["legal_basis"][0])]
        given["within_working_hours"] = self.one(
            "Working hours until the answer", WHOLE, given["within_working_hours"]
        )
        if not self.yes("Keep the questions, registers and rules of the starter", default=True):
            given["asks"] = self._many("question to the citizen", self._asked, AskedField)
            given["looks_up"] = self._many("question to a register", self._looked_up, LookedUp)
            examples = {one["name"]: one.get("example") for one in (*given["asks"], *given["looks_up"])}
            given["rules"] = self._many(
                "rule that says no, or asks a person", lambda: self._rule(examples), RuleRow
            )
            given["grant"] = self._grant()
        return Outline.model_validate(given)

    def one(
        self, words: str, kind: TypeAdapter[Any], default: object = None
    ) -> Any:  # Any: of the kind asked for
        """Ask until the answer fits; an empty answer is the default."""
        shown = "" if default is None else f" [{default}]"
        while True:
            said = self._line(f"{words}{shown}: ")
            if not said:
                return default
            try:
                return kind.validate_python(said)
            except ValidationError as error:
                self.say(f"  {error.errors()[0]['msg']}. Say it again. / Chưa hợp lệ, hãy nhập lại.")

    def both(self, words: str, default: Mapping[str, str] | None = None) -> dict[str, str]:
        """Ask for a text in both languages."""
        vi, en = (default["vi"], default["en"]) if default else (None, None)
        found = {
            "vi": self.one(f"{words}, tiếng Việt", TEXT, vi),
            "en": self.one(f"{words}, English", TEXT, en),
        }
        if None in found.values() and not self.ended:
            self.say("  Both languages are needed. / Cần cả hai thứ tiếng.")
            return self.both(words, default)
        return Bilingual.model_validate(found).model_dump()

    def yes(self, words: str, *, default: bool) -> bool:
        """Ask for yes or no."""
        said = self._line(f"{words}? [{'Y/n' if default else 'y/N'}]: ").lower()
        return default if not said else said[0] in "yc"

    def _line(self, prompt: str) -> str:
        if self.ended:
            return ""
        try:
            return self.read(prompt).strip()
        except EOFError:
            self.ended = True
            return ""

    def _many(
        self, what: str, ask: Callable[[], Given | None], kind: type[Any]
    ) -> list[Given]:  # Any: a part of it
        found: list[Given] = []
        while True:
            self.say(f"-- {what} {len(found) + 1}; an empty name ends the list / để trống tên là hết")
            part = ask()
            if part is None:
                return found
            try:
                kind.model_validate(part)
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"])) or what
                self.say(f"  {where}: {first['msg']}. Say it again. / Chưa hợp lệ, hãy nhập lại.")
            else:
                found.append(part)

    def _basis(self, default: Given) -> Given:
        return {
            "number": self.one("Number of the legal document", TEXT, default["number"]),
            "title": self.both("Its title", default["title"]),
            "issuer": self.one("Who issued it", TEXT, default["issuer"]),
        }

    def _asked(self) -> Given | None:
        name = self.one("Name of the field, such as days_needed", NAME)
        if name is None:
            return None
        found: Given = {"name": name, "label": self.both("What the citizen reads")}
        found["kind"] = self._among("Kind", KINDS)
        if found["kind"] == "choice":
            found["options"] = self._options()
        if found["kind"] == "number":
            found["at_least"] = self.one("At least", WHOLE)
            found["at_most"] = self.one("At most", WHOLE)
        found["required"] = self.yes("Required", default=True)
        found["example"] = self._value("An answer with which it is granted (empty if no rule reads it)")
        return found

    def _looked_up(self) -> Given | None:
        name = self.one("Name of the fact, such as residence_status", NAME)
        if name is None:
            return None
        found: Given = {"name": name, "label": self.both("What it is called")}
        found["register"] = self.one("Which register, such as population", NAME)
        column = self.one("Which column; empty asks whether the person stands in it", NAME)
        if column is not None:
            found["returns"] = column
            found["type"] = self._among("Type", ("string", "number", "date", "boolean"))
            if found["type"] == "string":
                found["options"] = self._options()
        found["example"] = self._value("A value with which it is granted")
        return found

    def _rule(self, examples: Mapping[str, object]) -> Given | None:
        name = self.one(f"Which of {', '.join(examples)} does it test", NAME)
        if name is None:
            return None
        if name not in examples:
            self.say(f"  {name} is neither asked nor looked up. / Chưa có tên này.")
            return self._rule(examples)
        return {
            "when": {name: self.one('Which values, as FEEL, such as > 30, "moved_away" or false', FEEL)},
            "example": {name: self._value("One such value")},
            "answer": self._among("Answer", ANSWERS),
            "reason": self.one("Short code of the reason, such as too_many_days", NAME),
            "says": self.both("What the citizen is told"),
            "remedy": self.both("What helps"),
            "clause": self.one("Clause of the document", TEXT, "1"),
        }

    def _grant(self) -> Given:
        days = self.one("For how many days it is granted, or the field that says so", TEXT, "30")
        return Grant.model_validate(
            {
                "reason": self.one("Short code of the reason for a grant", NAME, "conditions_met"),
                "says": self.both(
                    "What whoever is granted is told",
                    {"vi": "Bạn đủ điều kiện theo quy định.", "en": "You meet the conditions."},
                ),
                "days": int(days) if days.isdecimal() else days,
            }
        ).model_dump(mode="json")

    def _among(self, words: str, choices: tuple[str, ...]) -> str:
        while True:
            said = self.one(f"{words} ({', '.join(choices)})", TEXT, choices[0])
            if said in choices:
                return str(said)
            self.say(f"  One of: {', '.join(choices)}.")

    def _options(self) -> list[Given]:
        while True:
            said = self._line(f"Options ({OPTIONS_HINT}): ")
            try:
                return [self._option(part) for part in said.split(";") if part.strip()]
            except ValueError:
                self.say(f"  Write {OPTIONS_HINT}. / Hãy viết theo mẫu.")

    @staticmethod
    def _option(part: str) -> Given:
        value, label = part.split("=", 1)
        vi, en = label.split("/", 1)
        return {"value": value.strip(), "label": {"vi": vi.strip(), "en": en.strip()}}

    def _value(self, words: str) -> object:
        said = self._line(f"{words}: ")
        if said in ("", "null"):
            return None
        if said in ("true", "false"):
            return said == "true"
        return int(said) if said.lstrip("-").isdecimal() else said
