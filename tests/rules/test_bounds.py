"""What is just within a bound of the rules is answered, and one more is refused with the bound's own words.

``hostile`` goes far beyond each bound, in a process of its own; here it is the bound itself.
"""

from collections.abc import Callable

import pytest

from motcua.rules import FeelRefused, ModelRefused, WorkExceeded, compile_feel, evaluate_feel, load
from motcua.rules.evaluation import MOST_IMPORTS
from motcua.rules.reading import DEEPEST, MOST_LINKS, MOST_NODES
from motcua.rules.texts import LARGEST_TYPE
from motcua.rules.work import LONGEST_TEXT
from motcua.rules.xmltree import LARGEST_FILE

from .hostile import importing
from .models import decision, definitions, item, literal

HALF = "a" * (LONGEST_TEXT // 2)


@pytest.mark.parametrize(
    ("made_of", "most", "refusal"),
    [
        (lambda count: " = ".join(["null"] * (count + 1)), MOST_LINKS, "parts follow each other"),
        # The list itself is a part, as each of its items is.
        (lambda count: f"[{','.join(['1'] * (count - 1))}]", MOST_NODES, "50,000 parts"),
        (
            lambda count: f"null instance of {'list<' * (count - 1)}number{'>' * (count - 1)}",
            DEEPEST - 1,
            "the type is nested",
        ),
    ],
    ids=["links", "parts", "types"],
)
def test_an_expression_is_read_up_to_its_bound(
    made_of: Callable[[int], str], most: int, refusal: str
) -> None:
    compile_feel(made_of(most))

    with pytest.raises(FeelRefused, match=refusal):
        compile_feel(made_of(most + 1))


@pytest.mark.parametrize(
    "text",
    ["half + half + more", "string join([half, half, more])", 'replace(half, "a", "$0$0") + more'],
    ids=["added", "joined", "replaced"],
)
def test_a_text_grows_up_to_its_bound(text: str) -> None:
    longest = evaluate_feel(text, {"half": HALF, "more": ""})

    assert longest == "a" * LONGEST_TEXT
    with pytest.raises(WorkExceeded, match=r"the length of a text went over 1,000,000"):
        evaluate_feel(text, {"half": HALF, "more": "a"})


def test_a_replacement_is_stopped_while_it_grows() -> None:
    with pytest.raises(WorkExceeded, match=r"the length of a text went over 1,000,000"):
        evaluate_feel('replace(half, "[a]", "$0$0$0")', {"half": HALF})


def test_calls_go_deep_and_no_deeper() -> None:
    down = "{down: function(self, n) if n = 0 then 0 else self(self, n - 1), answer: down(down, from)}.answer"

    assert evaluate_feel(down, {"from": 100}) == 0
    with pytest.raises(WorkExceeded, match="the depth of calls"):
        evaluate_feel(down, {"from": 100_000})


def test_a_chain_of_imports_is_followed_up_to_its_bound() -> None:
    def chained(length: int) -> dict[str, str]:
        links = {f"urn:{at}": importing(f"urn:{at}", f"urn:{at + 1}") for at in range(1, length)}
        return {**links, f"urn:{length}": importing(f"urn:{length}")}

    assert load(importing("urn:0", "urn:1"), imports=chained(MOST_IMPORTS))({}).value == 1
    with pytest.raises(ModelRefused, match="imports are nested too deeply"):
        load(importing("urn:0", "urn:1"), imports=chained(MOST_IMPORTS + 1))


def test_a_type_has_many_parts_and_no_more() -> None:
    def of(parts: int) -> str:
        name = "n" * 990
        listed = "".join(
            f'<itemComponent name="{name}{at:03}"><typeRef>number</typeRef></itemComponent>'
            for at in range(parts)
        )
        return definitions(
            f'<itemDefinition name="wide">{listed}</itemDefinition>'
            + decision("answer", literal("null"), kind="wide")
        )

    assert load(of(LARGEST_TYPE // 1010))({}).value is None
    with pytest.raises(ModelRefused, match='the type "wide" has too many parts'):
        load(of(LARGEST_TYPE // 990))


def test_a_file_is_read_up_to_its_bound() -> None:
    content = definitions(decision("answer", literal("1"))).encode()
    largest = content + b" " * (LARGEST_FILE - len(content))

    assert load(largest)({}).value == 1
    with pytest.raises(ModelRefused, match=r"4,194,305 bytes, more than 4,194,304"):
        load(largest + b" ")


def test_half_a_character_cannot_be_read() -> None:
    with pytest.raises(ModelRefused, match="the text holds half a character at 4"):
        load("<a>\ud800</a>")


def test_types_are_made_of_types_and_not_of_thousands() -> None:
    def chained(length: int) -> str:
        links = "".join(item(f"t{at}", f"t{at + 1}") for at in range(length))
        answer = decision("answer", literal("1"), kind="t0")
        return definitions(links + item(f"t{length}", "number") + answer)

    assert load(chained(50))({}).value == 1
    with pytest.raises(ModelRefused, match="types or requirements are nested too deeply"):
        load(chained(3_000))


@pytest.mark.parametrize("encoding", ["utf-7", "nonsense"])
def test_a_file_in_an_encoding_that_is_not_read_is_refused_at_its_first_line(encoding: str) -> None:
    with pytest.raises(ModelRefused, match=r"line 1.*an encoding that is not read"):
        load(f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode())
