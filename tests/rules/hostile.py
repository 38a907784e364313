"""Input that means harm: each case is what to do with it, and what the refusal must say.

Run as a program, it tries every case with one gigabyte of memory and prints how each was answered.
"""

import json
import resource
import sys
import time
from collections.abc import Callable

from motcua.rules import RulesError, evaluate_feel, load

from .models import NAMESPACE, decision, definitions, input_data, item, literal, table

ONE_GIGABYTE = 1 << 30
SECONDS_EACH = 5
DEEP = 20_000


def feel(text: str) -> Callable[[], object]:
    """Evaluate a text."""
    return lambda: evaluate_feel(text)


def model(text: str | bytes, **imports: str) -> Callable[[], object]:
    """Load a model and decide it."""
    return lambda: load(text, imports=imports)({}).value


def growing(first: str, step: str) -> str:
    """Return a list whose every item is made of the one before."""
    return f"(for i in 1..60 return if i = 1 then {first} else {step.replace('_', 'partial[-1]')})"


def answer(text: str) -> str:
    """Return a model of one literal."""
    return definitions(decision("answer", literal(text)))


def importing(here: str, *others: str) -> str:
    """Return a model that imports others."""
    made = "".join(f'<import name="{one}" namespace="{one}" importType="{NAMESPACE}"/>' for one in others)
    return definitions(made + decision("answer", literal("1")), namespace=here)


def doubled_types(levels: int) -> str:
    """Return item definitions of which each holds the one before twice."""
    made = item("t0", "number")
    for level in range(1, levels):
        parts = "".join(
            f'<itemComponent name="{name}"><typeRef>t{level - 1}</typeRef></itemComponent>' for name in "ab"
        )
        made += f'<itemDefinition name="t{level}">{parts}</itemDefinition>'
    return definitions(made + decision("answer", literal("1")))


NESTED = {
    "parentheses": (feel("(" * DEEP + "1" + ")" * DEEP), "deep"),
    "lists": (feel("[" * DEEP + "]" * DEEP), "deep"),
    "contexts": (feel("{a:" * DEEP + "1" + "}" * DEEP), "deep"),
    "ifs": (feel("if true then " * DEEP + "1" + " else 2" * DEEP), "deep"),
    "nots": (feel("not(" * DEEP + "true" + ")" * DEEP), "deep"),
    "signs": (feel("-" * DEEP + "1"), "deep"),
    "functions": (feel("function(x) " * DEEP + "1"), "deep"),
    "loops": (feel("for x in [1] return " * DEEP + "1"), "deep"),
    "types": (feel("1 instance of " + "list<" * DEEP + "number" + ">" * DEEP), "deep"),
    "paths": (feel("{a: 1}" + ".a" * DEEP), "follow each other"),
    "filters": (feel("[1]" + "[1]" * DEEP), "follow each other"),
    "calls": (feel("abs" + "()" * DEEP), "follow each other"),
    "comparisons": (feel("1" + " = 1" * DEEP), "follow each other"),
    "tests": (feel("1" + " in 1" * DEEP), "follow each other"),
    "parameters": (feel("function(" + ",".join(f"a{at}" for at in range(DEEP)) + ") 1"), "follow each other"),
    "iterators": (feel("for " + ",".join(f"a{at} in [1]" for at in range(5000)) + " return 1"), "follow each"),
    "sums": (feel("1" + "+1" * 200_000), "50,000 parts"),
    "items": (feel("[" + "1," * 200_000 + "1]"), "50,000 parts"),
    "text": (feel('"' + "a" * 2_000_000 + '"'), "1,000,000"),
    "elements": (model("<a>" * 500_000), "nested elements"),
    "boxes": (model(definitions(decision("answer", "<list>" * 150 + "</list>" * 150))), "boxes are nested"),
    "cells": (
        model(definitions(input_data("x") + decision("answer", table(["x"], [(["not(" * 5000 + "1" + ")" * 5000], ["1"])]), "x"))),
        "deep",
    ),
}  # fmt: skip
RUNAWAY = {
    "cross product": (feel("count(for a in 1..10000, b in 1..10000 return 1)"), "steps"),
    "some": (feel("some a in 1..10000, b in 1..10000 satisfies false"), "steps"),
    "huge range": (feel("for a in 1..10**30 return 1"), "steps"),
    "all days": (feel('for d in @"-999999999-01-01"..@"999999999-01-01" return 1'), "steps"),
    "recursion": (feel("(function(f, n) f(f, n + 1))(function(f, n) f(f, n + 1), 1)"), "depth"),
    "recursion by name": (feel("{f: function(n) f(n + 1), r: f(1)}.r"), "depth"),
    "twofold recursion by name": (feel("{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(60)}.r"), "steps"),
    "twofold recursion": (
        feel("(function(f, n) f(f, n))(function(f, n) if n = 0 then 1 else f(f, n - 1) + f(f, n - 1), 60)"),
        "steps",
    ),
    "self-application": (feel("(function(f) f(f))(function(f) f(f))"), "depth"),
    "lists that double": (feel(growing("[1]", "concatenate(_, _)")), "steps"),
    "texts that double": (feel(growing('"aaaaaaaaaa"', "_ + _")), "length of a text"),
    "texts that are joined": (feel(growing('"aaaaaaaaaa"', "string join([_, _, _])")), "length of a text"),
    "texts that are replaced": (feel(growing('"aaaa"', 'replace(_, "a", "$0$0$0$0$0")')), "length of a text"),
    "texts of texts": (feel(f"string({growing('[1]', '[_, _]')}[-1])"), "steps"),
    "replacing by oneself": (
        feel(f"string({growing('[1, 2]', 'list replace(_, function(x, y) true, _)')}[-1])"), "steps",
    ),
    "flattening": (feel(f"count(flatten({growing('[1]', '[_, _]')}[-1]))"), "steps"),
    "equality": (feel(f"{{a: {growing('[1]', '[_, _]')}[-1], b: {growing('[1]', '[_, _]')}[-1], c: a = b}}.c"), "steps"),
    "identity": (feel(f"is({growing('[1]', '[_, _]')}[-1], {growing('[1]', '[_, _]')}[-1])"), "steps"),
    "distinct values": (feel("count(distinct values(for i in 1..100000 return [i]))"), "steps"),
    "duplicates": (feel("count(duplicate values(for i in 1..50000 return i))"), "steps"),
    "sorting": (feel("count(sort(for i in 1..200000 return i, function(a, b) a > b))"), "steps"),
    "sums of sums": (feel("{l: for i in 1..100000 return i, r: for i in l return sum(l)}.r"), "steps"),
    "looks into lists": (feel("{l: for i in 1..100000 return i, r: for i in l return i in l}.r"), "steps"),
    "partial results": (feel("for i in 1..200000 return count(partial)"), "steps"),
}  # fmt: skip
PATTERNS = {
    "nested stars, again and again": (
        feel(f'count(for i in 1..100000 return matches("{"a" * 3000}b", "(a+)+$"))'), "regular expression",
    ),
    "back-references": (feel(f'matches("{"a" * 3000}b", "(a|aa)+\\\\1$")'), "regular expression"),
    "four stars": (feel(f'matches("{"x" * 300_000}", ".*.*.*.*=.*")'), "regular expression"),
    "repetition of repetition": (feel('matches("a", "(a{1,5000}){1,5000}")'), "size of a regular expression"),
}  # fmt: skip
FILES = {
    "a bomb of entities": (model('<!DOCTYPE l [<!ENTITY a "l"><!ENTITY b "&a;&a;">]><definitions/>'), "DOCTYPE"),
    "an external type": (model('<!DOCTYPE d SYSTEM "file:///etc/passwd"><definitions/>'), "DOCTYPE"),
    "an external entity": (model('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///x">]><definitions>&x;</definitions>'), "DOCTYPE"),
    "an entity of nowhere": (model("<definitions>&x;</definitions>"), "not well-formed"),
    "ten megabytes": (model(definitions(f"<!--{'x' * 10_000_000}-->")), "Split the model"),
    "ten megabytes of a table": (
        model(definitions(decision("answer", table([], [([], ['"' + "x" * 5000 + '"'])] * 2000)))), "Split the model",
    ),
    "twenty thousand rules": (
        model(definitions(input_data("x") + decision("answer", table(["x"], [([str(at)], ["1"]) for at in range(20_000)]), "x"))),
        "25,000 cells",
    ),
    "a million elements": (model(definitions("<x/>" * 900_000)), "too many"),
    "text between elements": (model(definitions(f"<description>{'a<b/>' * 390_000}</description>")), "too many"),
    "a broken encoding": (model(b"<definitions>\xff\xfe</definitions>"), "not well-formed"),
    "an encoding of many bytes": (model(b'<?xml version="1.0" encoding="utf-7"?><a/>'), "encoding"),
    "an unknown encoding": (model(b'<?xml version="1.0" encoding="nonsense"?><a/>'), "encoding"),
    "a zero character": (model(answer("1").encode().replace(b"answer", b"ans\0wer")), "not well-formed"),
    "half a character": (model(answer('"\ud800"')), "half a character"),
    "a zero in an expression": (feel("1 \0 2"), "cannot stand here"),
    "half a character in an expression": (feel("\ud800 + 1"), "cannot stand here"),
    "decisions in a circle": (
        model(definitions(decision("a", literal("b"), "d:b") + decision("b", literal("a"), "d:a"))), "require each other",
    ),
    "a service in a circle": (
        model(definitions(decision("a", literal("s()"), "k:s") + '<decisionService name="s" id="s"><outputDecision href="#a"/></decisionService>')),
        "depth of calls",
    ),
    "types in a circle": (model(definitions(item("a", "b") + item("b", "a"))), "contains itself"),
    "types that double": (model(doubled_types(40)), "too many parts"),
    "a long chain of types": (
        model(definitions("".join(item(f"t{at}", f"t{at + 1}") for at in range(3000)) + item("t3000", "number"))), "too deeply",
    ),
    "a long chain of decisions": (
        model(definitions(decision("a0", literal("1")) + "".join(decision(f"a{at}", literal(f"a{at - 1} + 1"), f"d:a{at - 1}") for at in range(1, 5000)))),
        "depth of calls",
    ),
    "imports in a circle": (
        model(importing("urn:a", "urn:b"), **{"urn:b": importing("urn:b", "urn:a"), "urn:a": importing("urn:a", "urn:b")}),
        "imports itself",
    ),
    "a long chain of imports": (
        model(importing("urn:0", "urn:1"), **{f"urn:{at}": importing(f"urn:{at}", f"urn:{at + 1}") for at in range(1, 500)}),
        "too deeply",
    ),
}  # fmt: skip
CASES = {**NESTED, **RUNAWAY, **PATTERNS, **FILES}


def main() -> None:
    """Try all cases with bounded memory; print as JSON what each was refused with, and what is wrong with it."""
    resource.setrlimit(resource.RLIMIT_AS, (ONE_GIGABYTE, ONE_GIGABYTE))
    found = {}
    for name, (act, _) in CASES.items():
        began = time.process_time()
        refused, wrong = "", ""
        try:
            act()
            wrong = "was not refused"
        except RulesError as refusal:
            refused = str(refusal)
            took = time.process_time() - began
            wrong = f"took {took:.1f} s" if took > SECONDS_EACH else ""
        except (MemoryError, RecursionError) as error:
            wrong = f"ended in {type(error).__name__}"
        found[name] = {"refused": refused, "wrong": wrong}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
