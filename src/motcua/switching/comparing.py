"""Holds the run made at the moment of the switch against the one that two persons confirmed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from motcua.directives.complaints import Words
from motcua.directives.models import Directive
from motcua.procedures.queries import revision
from motcua.switching.acts import CARRIED_OUT, act_of
from motcua.switching.hiding import count_words
from motcua.switching.models import DryRun
from motcua.switching.parts import OF_A_PERSON, allow_long
from motcua.switching.states import Category, RunState, Subject
from motcua.switching.switch_models import Switch

# In a small town one new case is more than any share; so few never stop a switch.
ALWAYS_ALLOWED = 20


@dataclass(frozen=True, slots=True)
class Why:
    """A reason to stop, in both languages; ``veiled`` says the same to who may not see persons."""

    vi: str
    en: str
    veiled: Words | None = None

    def to_json(self) -> dict[str, str]:
        """Return the reason as a switch keeps it."""
        veiled = self.veiled or Words(self.vi, self.en)
        return {"vi": self.vi, "en": self.en, "veiled_vi": veiled.vi, "veiled_en": veiled.en}


def counted(vi: str, en: str, *, share: str = "", **counts: int) -> Why:
    """Return a reason with counts in it; ``share`` is told only beside exact counts, since it would tell them."""
    plain = {name: count_words(count, all_shown=True) for name, count in counts.items()}
    veiled = {name: count_words(count, all_shown=False) for name, count in counts.items()}
    return Why(
        vi.format(share=share, **{name: words.vi for name, words in plain.items()}),
        en.format(share=share, **{name: words.en for name, words in plain.items()}),
        Words(
            _begun_large(vi.format(share="", **{name: words.vi for name, words in veiled.items()})),
            _begun_large(en.format(share="", **{name: words.en for name, words in veiled.items()})),
        ),
    )


def _begun_large(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def why_stopped(kept: Iterable[Mapping[str, str]], *, all_shown: bool) -> tuple[Words, ...]:
    """Return the kept reasons as they may be shown; one that was kept without its veiled words loses its numbers."""
    if all_shown:
        return tuple(Words(each["vi"], each["en"]) for each in kept)
    return tuple(
        Words(each["veiled_vi"], each["veiled_en"])
        if "veiled_vi" in each
        else Words(_NUMBER.sub("…", each["vi"]), _NUMBER.sub("…", each["en"]))
        for each in kept
    )


_NUMBER = re.compile(r"\b[0-9]+(?:[.,][0-9]+)?\b")


@dataclass(frozen=True, slots=True)
class Drift:
    """How many effects are the same in both runs, and why the others differ."""

    same: int
    facts_changed: int
    new: int
    ended: int
    unexplained: int

    @property
    def differing(self) -> int:
        """Effects that are not the same."""
        return self.facts_changed + self.new + self.ended + self.unexplained

    def too_much(self) -> bool:
        """Whether what two persons confirmed is no longer what would happen."""
        allowed = settings.MOTCUA_MOST_DRIFT * (self.same + self.differing)
        return self.differing > max(allowed, ALWAYS_ALLOWED)

    def to_json(self) -> dict[str, int]:
        """Return the counts by name."""
        return asdict(self)


# What is missing on one side was kept there, or was not there at all: a case filed, moved or ended since the first
# run says so itself; for the rest, the same rules on the same law can differ by the facts only.
_COMPARE = """
WITH told AS (SELECT * FROM switching_effect WHERE run_id = %(told)s AND subject <> %(person)s),
     found AS (SELECT * FROM switching_effect WHERE run_id = %(found)s AND subject <> %(person)s),
     both_sides AS (
        SELECT told.case_number IS NOT NULL AS was, found.case_number IS NOT NULL AS is_now,
            told.facts_digest = found.facts_digest AS same_facts,
            (told.state, told.credential_id) IS NOT DISTINCT FROM (found.state, found.credential_id) AS same_place,
            (told.category, told.after_answer, told.after_reason, told.after_rule, told.after_from, told.after_until,
                told.claims, told.revision_id)
            IS NOT DISTINCT FROM
            (found.category, found.after_answer, found.after_reason, found.after_rule, found.after_from,
                found.after_until, found.claims, found.revision_id) AS same
        FROM told FULL JOIN found USING (case_number)
     )
SELECT count(*) FILTER (WHERE was AND is_now AND same),
    count(*) FILTER (WHERE was AND is_now AND NOT same AND NOT (same_facts AND same_place)),
    count(*) FILTER (WHERE NOT was), count(*) FILTER (WHERE NOT is_now),
    count(*) FILTER (WHERE was AND is_now AND NOT same AND same_facts AND same_place)
FROM both_sides
"""


def drift_between(told: UUID, found: UUID) -> Drift:
    """Compare two runs effect by effect; one query over both."""
    with transaction.atomic(), connection.cursor() as cursor:
        allow_long()
        cursor.execute(_COMPARE, {"told": told, "found": found, "person": str(Subject.PERSON)})
        return Drift(*cursor.fetchone())


def reasons_before(switch: Switch) -> list[Why]:
    """Return why the switch cannot begin at all: the confirmed run is not of this text, or was never finished."""
    confirmed, directive = switch.dry_run, switch.directive
    if confirmed.state != RunState.DONE:
        return [
            Why("Lần chạy thử đã chọn chưa chạy xong.", "The dry run that was chosen was never finished.")
        ]
    if confirmed.directive_id != directive.pk or confirmed.content_sha256 != directive.sha256:
        return [
            Why(
                "Lần chạy thử đã chọn không phải của bản chỉ thị được xác nhận. Chạy thử lại rồi lên lịch lại.",
                "The dry run that was chosen is not of the text that was confirmed. Run it again and schedule anew.",
            )
        ]
    return []


def reasons_to_stop(drift: Drift, told: DryRun, found: DryRun) -> list[Why]:
    """Return why the switch must not go on after the final run; empty when it may. A few queries."""
    drifted = list(reasons_of(drift))
    if drifted and _law_before(told) != _law_before(found):
        drifted = [_of_law(drift, told, found)]
    return [*drifted, *_of_acts(found)]


def _law_before(run: DryRun) -> object:
    return run.result.get("law", {}).get("before")


def _of_law(drift: Drift, told: DryRun, found: DryRun) -> Why:
    """Return the reason where the law itself is another than the one that the confirmed run was held against."""
    since = (told.asked_at, found.moment)
    others = Directive.objects.filter(Q(begun_at__range=since) | Q(undone_at__range=since))
    numbers = ", ".join(others.order_by("begun_at", "pk").values_list("number", flat=True))
    return counted(
        f"Từ lần chạy thử đến nay luật đã đổi ({numbers or 'một chỉ thị đã hết hạn'}), nên {{differing}} trường hợp"
        " nay có kết quả khác. Chạy thử lại trên luật mới rồi lên lịch lại.",
        f"The law has changed since the dry run ({numbers or 'a directive has ended'}), so that {{differing}} cases now"
        " come out differently. Run it again on the law as it is now and schedule anew.",
        differing=drift.differing,
    )


def reasons_of(drift: Drift) -> Iterator[Why]:
    """Yield why so much drift stops a switch; nothing if it does not."""
    if drift.unexplained:
        yield counted(
            "{count} hồ sơ có kết quả khác lần chạy thử dù dữ liệu không đổi.",
            "{count} cases come out differently from the dry run although their facts are the same.",
            count=drift.unexplained,
        )
    if drift.too_much():
        yield counted(
            "{differing} trường hợp{share} đã khác so với lần chạy thử: {changed} do dữ liệu đổi, {new} mới có,"
            " {ended} không còn. Chạy thử lại rồi lên lịch lại.",
            "{differing} effects{share} differ from the dry run: {changed} whose facts changed, {new} new,"
            " {ended} gone. Run it again and schedule anew.",
            share=f" ({100 * drift.differing / (drift.same + drift.differing):.1f}%)",
            differing=drift.differing,
            changed=drift.facts_changed,
            new=drift.new,
            ended=drift.ended,
        )


_PLACES = """
SELECT DISTINCT procedure_code, revision_id, state, category, after_answer FROM switching_effect
WHERE run_id = %(run)s AND subject <> %(person)s AND category = ANY(%(carried_out)s)
ORDER BY 1, 2, 3, 4, 5
"""


def _of_acts(found: DryRun) -> Iterator[Why]:
    """Yield what no pack foresees: a directive cannot move a case by an act that its workflow does not have."""
    with transaction.atomic(), connection.cursor() as cursor:
        allow_long()
        cursor.execute(
            _PLACES,
            {
                "run": found.pk,
                "person": str(Subject.PERSON),
                "carried_out": [str(each) for each in CARRIED_OUT],
            },
        )
        places = cursor.fetchall()
    told = set[tuple[str, str, str]]()
    for code, revision_id, state, category, answer in places:
        workflow = revision(revision_id).content.workflow
        known = workflow.states.get(state)
        if known is not None and known.phase == "person" and category in OF_A_PERSON:
            continue
        if (
            act_of(workflow, state, Category(category), answer) is None
            and (code, state, category) not in told
        ):
            told.add((code, state, category))
            yield Why(
                f"Dịch vụ {code} không có hành động nào để chỉ thị đưa hồ sơ ở trạng thái {state} đến kết quả"
                f" “{Category(category).label}”. Thêm hành động có by: [directive] trong workflow.yaml.",
                f"Service {code} has no act by which a directive brings a case from state {state} to {category}."
                " Add one with by: [directive] to workflow.yaml.",
            )
