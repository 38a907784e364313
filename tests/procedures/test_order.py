"""The order of acts and answers outlives a database that keeps the keys of JSON in an order of its own."""

import json

from motcua.procedures.content import Workflow


def test_acts_and_answers_keep_their_order() -> None:
    state = {"label": {"vi": "Đã nộp", "en": "Filed"}, "explanation": {"vi": "Đã nộp", "en": "Filed"}}
    act = {"label": {"vi": "Xong", "en": "Done"}, "from": ["a"], "to": "b", "by": ["machine"]}
    written = Workflow.model_validate(
        {
            "start": "a",
            "states": {
                "a": {**state, "phase": "person", "national_status": 1},
                "b": {**state, "phase": "granted", "national_status": 9},
            },
            "acts": {"not_so": act, "so": act},
            "answers": {"green": "so", "red": "not_so"},
        }
    )

    # As PostgreSQL does: by length, then by letters.
    stored = json.loads(json.dumps(written.model_dump(mode="json", by_alias=True), sort_keys=True))
    stored["acts"] = dict(sorted(stored["acts"].items(), key=lambda item: (len(item[0]), item[0])))
    stored["answers"] = dict(sorted(stored["answers"].items(), key=lambda item: (len(item[0]), item[0])))
    read = Workflow.model_validate(stored)

    assert (list(read.acts), list(read.answers)) == (["not_so", "so"], ["green", "red"])
    assert read == written
