"""Holds the run made at the moment of the switch against the one that two persons confirmed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from motcua.procedures.queries import revision
from motcua.switching.acts import CARRIED_OUT, act_of
from motcua.switching.models import DryRun
from motcua.switching.parts import OF_A_PERSON, allow_long
from motcua.switching.states import Category, RunState, Subject
from motcua.switching.switch_models import Switch

# In a small town one new case is more than any share; so few never stop a switch.
ALWAYS_ALLOWED = 20


@dataclass(frozen=True, slots=True)
class Why:
    """A reason to stop, in both languages."""

    vi: str
    en: str


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


def reasons_to_stop(drift: Drift, found: DryRun) -> list[Why]:
    """Return why the switch must not go on after the final run; empty when it may. One query."""
    return [*_of_drift(drift), *_of_acts(found)]


def _of_drift(drift: Drift) -> Iterator[Why]:
    if drift.unexplained:
        count = drift.unexplained
        yield Why(
            f"{count} hồ sơ có kết quả khác lần chạy thử dù dữ liệu không đổi.",
            f"{count} cases come out differently from the dry run although their facts are the same.",
        )
    if drift.too_much():
        share = 100 * drift.differing / (drift.same + drift.differing)
        yield Why(
            f"{drift.differing} trường hợp ({share:.1f}%) đã khác so với lần chạy thử: {drift.facts_changed} do dữ"
            f" liệu đổi, {drift.new} mới có, {drift.ended} không còn. Chạy thử lại rồi lên lịch lại.",
            f"{drift.differing} effects ({share:.1f}%) differ from the dry run: {drift.facts_changed} whose facts"
            f" changed, {drift.new} new, {drift.ended} gone. Run it again and schedule anew.",
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
