"""Says a cell of a decision table as a person would: codes and names in words, comparisons as sentences.

What has no phrase of its own stays as it runs: a reader then sees the FEEL, never something else than the rule.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from motcua.web.ui.words import Bilingual, InTwoLanguages, short_date

WORDS = {
    "true": Bilingual("có", "yes"),
    "false": Bilingual("không", "no"),
    "null": Bilingual("chưa rõ", "not known"),
    "today": Bilingual("hôm nay", "today"),
}
COMPARED = {
    ">=": Bilingual("từ {} trở lên", "{} or more"),
    "<=": Bilingual("nhiều nhất {}", "at most {}"),
    ">": Bilingual("hơn {}", "more than {}"),
    "<": Bilingual("dưới {}", "less than {}"),
}
# Of days one says before and after.
COMPARED_DAYS = {
    ">=": Bilingual("từ {} trở đi", "{} or later"),
    "<=": Bilingual("chậm nhất {}", "{} at the latest"),
    ">": Bilingual("sau {}", "after {}"),
    "<": Bilingual("trước {}", "before {}"),
}
DAYS = re.compile(r"\btoday\b|\bdate\s*\(|@\"")
ONE_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"')
RANGE = re.compile(r"([\[\](])(.+?)\.\.(.+)([\[\])])")
NEGATED = re.compile(r"not\s*\((.*)\)", re.DOTALL)
CHOICE = re.compile(r"if\s+(.+?)\s+then\s+(.+?)\s+else\s+(.+)", re.DOTALL)
# The smaller or the greater of two: if days > 14 then 14 else days.
BOUNDED = re.compile(
    r"if\s+(?P<name>[\w ]+?)\s*(?P<sign>[<>]=?)\s*(?P<bound>[\w.][\w. ]*?)\s+then\s+(?P=bound)\s+else\s+(?P=name)"
)
FIXED = re.compile(
    r'(?:date\s*\(\s*"|@")(?P<date>\d{4}-\d{2}-\d{2})"\s*\)?'
    r'|(?:duration\s*\(\s*"|@")P(?P<days>\d+)D"\s*\)?'
    r'|"(?:[^"\\]|\\.)*"'
)


Codes = Mapping[str, InTwoLanguages]


def said(test: str, codes: Codes, names: Codes) -> Bilingual:
    """Return a cell in words; ``codes`` are those of its column, ``names`` those of inputs and decisions."""
    speakers = [_Speaker(language, codes, names) for language in ("vi", "en")]
    return Bilingual(speakers[0].tests(test), speakers[1].tests(test))


class _Speaker:
    """Speaks one language about one column."""

    def __init__(self, language: str, codes: Codes, names: Codes) -> None:
        self._language = language
        self._codes = codes
        self._names = sorted(names.items(), key=lambda pair: -len(pair[0]))

    def tests(self, text: str) -> str:
        """Return the alternatives of a cell, the last joined by or."""
        return self._listed([self._test(part) for part in parts_of(text)])

    def _listed(self, said: list[str]) -> str:
        if len(said) < 2:
            return "".join(said)
        # What holds commas of its own is kept apart by semicolons.
        between = "; " if any("," in each for each in said) else ", "
        last = Bilingual("hoặc", "or").in_language(self._language)
        return f"{between.join(said[:-1])}{';' if between == '; ' else ''} {last} {said[-1]}"

    def _test(self, text: str) -> str:
        negated = NEGATED.fullmatch(text)
        if negated:
            return self._negated(negated[1])
        ends = RANGE.fullmatch(text)
        if ends:
            shape = Bilingual("từ {} đến {}", "from {} to {}")
            if "[" not in ends[1] or "]" not in ends[4]:
                shape = Bilingual(
                    f"{'từ' if ends[1] == '[' else 'trên'} {{}} {'đến' if ends[4] == ']' else 'đến dưới'} {{}}",
                    f"{'from' if ends[1] == '[' else 'above'} {{}} {'to' if ends[4] == ']' else 'to below'} {{}}",
                )
            return shape.in_language(self._language).format(self._value(ends[2]), self._value(ends[3]))
        for sign, shape in (COMPARED_DAYS if DAYS.search(text) else COMPARED).items():
            if text.startswith(sign):
                return shape.in_language(self._language).format(self._value(text[len(sign) :]))
        return self._value(text)

    def _negated(self, inside: str) -> str:
        if inside.strip() == "null":
            return Bilingual("đã rõ", "known").in_language(self._language)
        return f"{Bilingual('không phải', 'not').in_language(self._language)} {self.tests(inside)}"

    def _value(self, text: str) -> str:
        text = text.strip()
        code = ONE_WORD.fullmatch(text)
        if code:
            return self._code(code[1])
        if text in self._codes:
            return self._codes[text].in_language(self._language)
        if text in WORDS:
            return WORDS[text].in_language(self._language)
        return self._expression(text)

    def _code(self, code: str) -> str:
        return self._codes[code].in_language(self._language) if code in self._codes else code

    def _expression(self, text: str) -> str:
        """Return an expression with names, days and codes in words; its signs stay."""
        bounded = BOUNDED.fullmatch(text)
        if bounded:
            shape = COMPARED["<=" if ">" in bounded["sign"] else ">="]
            limit = self._value(bounded["bound"])
            bound = shape.in_language(self._language).format(limit[:1].lower() + limit[1:])
            return f"{self._value(bounded['name'])}, {bound}"
        choice = CHOICE.fullmatch(text)
        if choice:
            shape = Bilingual("{1} nếu {0}; nếu không thì {2}", "{1} if {0}; otherwise {2}")
            return shape.in_language(self._language).format(*(self._value(part) for part in choice.groups()))
        # What stands in quotes is no name, and neither is what a day or a duration became.
        pieces, at = [], 0
        for fixed in FIXED.finditer(text):
            pieces += [self._named(text[at : fixed.start()]), self._fixed(fixed)]
            at = fixed.end()
        return "".join([*pieces, self._named(text[at:])])

    def _fixed(self, match: re.Match[str]) -> str:
        if match["days"]:
            return f"{match['days']} {Bilingual('ngày', 'days').in_language(self._language)}"
        try:
            return short_date(date.fromisoformat(match["date"] or ""), self._language)
        except ValueError:
            code = ONE_WORD.fullmatch(match[0])
            return self._code(code[1]) if code and code[1] in self._codes else match[0]

    def _named(self, text: str) -> str:
        known = {name: label.in_language(self._language) for name, label in self._names}
        known |= {word: label.in_language(self._language) for word, label in WORDS.items()}
        if not known:
            return text
        names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
        return re.sub(rf"(?<!\w)(?:{names})(?!\w)", lambda match: known[match[0]], text)


def parts_of(text: str) -> list[str]:
    """Return the alternatives of a cell: split at commas that stand in no quotes and no brackets."""
    return [part.strip() for part in _parts(text)]


def _parts(text: str) -> Iterator[str]:
    depth, begun, quoted = 0, 0, False
    for at, letter in enumerate(text):
        if letter == '"' and text[at - 1 : at] != "\\":
            quoted = not quoted
        elif quoted:
            continue
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and depth <= 0:
            yield text[begun:at]
            begun = at + 1
    yield text[begun:]
