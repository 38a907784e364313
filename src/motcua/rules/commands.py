"""The commands `motcua rules eval | check | show | tck | run`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from motcua.rules.errors import RulesError
from motcua.rules.evaluation import load
from motcua.rules.jsonl import facts_from_json, run_lines
from motcua.rules.listing import listed_source
from motcua.rules.showing import tables_html, tables_text
from motcua.rules.speaking import plain_answer
from motcua.rules.tck import run_kit

Act = Callable[[argparse.Namespace], int]


def add_commands(subparsers: Any) -> None:  # argparse has no public name for this type
    """Add `rules` with its own subcommands; each sets `act`, which returns the exit code."""
    rules = subparsers.add_parser("rules", help="evaluate, check and show decision models")
    add_rules_commands(rules)
    rules.set_defaults(run=carry_out, needs_database=False)


def add_rules_commands(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands of `rules` to a parser."""
    acts = parser.add_subparsers(dest="rules_act", required=True)
    one = acts.add_parser("eval", help="decide one case")
    one.add_argument("model", type=Path)
    one.add_argument("--decision")
    one.add_argument("--input", type=Path, help="a JSON file of facts; standard input by default")
    one.add_argument("--lang", choices=("vi", "en"), help="print sentences instead of JSON")
    one.set_defaults(act=evaluate)
    check = acts.add_parser("check", help="find overlaps, gaps and dead rules")
    check.add_argument("model", type=Path)
    check.add_argument("--json", action="store_true")
    check.set_defaults(act=check_model)
    show = acts.add_parser("show", help="print the tables")
    show.add_argument("model", type=Path)
    show.add_argument("--html", action="store_true")
    show.add_argument("--lang", choices=("vi", "en"), default="vi")
    show.add_argument("--source", action="store_true", help="print the Python that the model is run as")
    show.add_argument("--decision", help="with --source, also the way from the facts to this decision")
    show.set_defaults(act=show_model)
    kit = acts.add_parser("tck", help="run a folder of the DMN conformance kit")
    kit.add_argument("folder", type=Path)
    kit.add_argument("--json", action="store_true")
    kit.add_argument("--only", default="", help="keep the files whose path holds this text")
    kit.set_defaults(act=run_tck)
    diff = acts.add_parser(
        "diff", help="count whose answer changes between two versions, over the rows of a file"
    )
    diff.add_argument("old", type=Path)
    diff.add_argument("new", type=Path)
    diff.add_argument("--over", type=Path, required=True, help="a .csv, .jsonl or .parquet file of facts")
    diff.add_argument("--by", action="append", default=[], help="a column to count by; may be given again")
    diff.add_argument("--decision")
    diff.add_argument("--json", action="store_true")
    diff.set_defaults(act=diff_models)
    run = acts.add_parser("run", help="evaluate lines of JSON from standard input")
    run.add_argument("--jsonl", action="store_true", required=True)
    run.add_argument("--set", action="store_true", help="use the set-based engine, or say why not")
    run.set_defaults(act=run_jsonl)


def evaluate(arguments: argparse.Namespace) -> int:
    """Decide one case and print the answer and its reasons."""
    model = load(arguments.model)
    text = arguments.input.read_text("utf-8") if arguments.input else sys.stdin.read()
    facts = facts_from_json(model, json.loads(text, parse_float=Decimal))
    decision = model(facts, decision=arguments.decision)
    if arguments.lang:
        print(decision.text(arguments.lang))
    else:
        shown = {"value": plain_answer(decision.value), "why": decision.why.to_json()}
        print(json.dumps(shown, ensure_ascii=False, indent=2))
    return 0


def check_model(arguments: argparse.Namespace) -> int:
    """Print what the static analysis finds; 1 when it finds anything wrong."""
    findings = load(arguments.model).check()
    if arguments.json:
        print(json.dumps([one.to_json() for one in findings], ensure_ascii=False, indent=2))
    else:
        for one in findings:
            print(one)
    return 1 if any(one.severity == "error" for one in findings) else 0


def show_model(arguments: argparse.Namespace) -> int:
    """Print the tables as text or HTML, or the Python they are run as."""
    model = load(arguments.model)
    if arguments.source:
        print(listed_source(model, arguments.decision))
        return 0
    shown = tables_html if arguments.html else tables_text
    print(shown(model, arguments.lang))
    return 0


def run_tck(arguments: argparse.Namespace) -> int:
    """Run the kit and print the counts and the misses; 1 when anything fails."""
    if not arguments.folder.is_dir():
        print(f"{arguments.folder} is not a folder. Give the folder of the kit.", file=sys.stderr)
        return 2
    report = run_kit(arguments.folder, arguments.only)
    if arguments.json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        for one in report.misses:
            print(f"{one.folder} {one.case} {one.result}: wanted {one.wanted}, got {one.seen}")
        for wants, label in ((True, "value wanted"), (False, "null wanted")):
            passed = report.count(wants_value=wants, passed=True)
            print(f"{label}: {passed} passed, {report.count(wants_value=wants, passed=False)} failed")
    return 1 if report.misses else 0


def diff_models(arguments: argparse.Namespace) -> int:
    """Print whose answer changes between two versions of a model; the same lines on every run."""
    from motcua.rules.sql.files import diff_over_file

    old, new = load(arguments.old), load(arguments.new)
    report = diff_over_file(old, new, arguments.over, by=arguments.by, decision=arguments.decision)
    print(json.dumps(report.to_json(), ensure_ascii=False, indent=2) if arguments.json else report.to_text())
    return 0


def run_jsonl(arguments: argparse.Namespace) -> int:
    """Answer each line of standard input with a line."""
    evaluate_line = None
    if arguments.set:
        from motcua.rules.sql.lines import answer_by_set

        evaluate_line = answer_by_set
    for line in run_lines(sys.stdin, evaluate_line):
        print(line, flush=True)
    return 0


def main(given: list[str] | None = None) -> int:
    """Run `python -m motcua.rules`."""
    parser = argparse.ArgumentParser(prog="motcua rules")
    add_rules_commands(parser)
    return carry_out(parser.parse_args(given))


def carry_out(arguments: argparse.Namespace) -> int:
    """Run the chosen act; a refusal is one sentence on standard error and the exit code 2."""
    try:
        code: int = arguments.act(arguments)
    except (RulesError, OSError, ValueError) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return code
