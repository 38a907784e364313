"""Everything that a switch leaves behind, in one digest that does not depend on who did it, when, or how often."""

import hashlib

from django.db import connection

from motcua.credentials.queries import published_status_list, trusted_keys
from motcua.seals.status import open_status

# Ids and revocation numbers are drawn, moments are those of the day: neither says what became of anybody.
_STATEMENTS = (
    "SELECT number, state, phase, answer, reason_code, decided_by, revision_id FROM cases_case ORDER BY number",
    "SELECT case_number, kind, claims::text, valid_from, valid_to FROM credentials_credential"
    " WHERE revoked_at IS NULL ORDER BY case_number",
)
_HISTORY = (
    "SELECT case_number, revoked_at IS NULL, claims::text, valid_to FROM credentials_credential"
    " ORDER BY case_number, valid_to, revoked_at IS NULL",
    "SELECT case_number, act, from_state, to_state, actor, reason FROM cases_caseentry"
    " ORDER BY case_number, happened_at, id",
    "SELECT case_number, answer, reason_code, rule, decided_by FROM decisions_decisionrecord"
    " ORDER BY case_number, decided_at",
    "SELECT person_id, kind, category, case_numbers::text FROM switching_notice ORDER BY person_id, kind",
    "SELECT case_number, category, left_because, not_undone_because FROM switching_switchedcase ORDER BY case_number",
)


def digest_of(*, without_history: bool = False) -> str:
    """Return the digest of cases, passes, notices and the published status list."""
    digest = hashlib.sha256()
    statements = _STATEMENTS if without_history else (*_STATEMENTS, *_HISTORY)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            for row in cursor:
                digest.update(repr(row).encode())
    digest.update(repr(_listed()).encode())
    return digest.hexdigest()


def _listed() -> list[tuple[str, str]]:
    """Return what scanners are told of every standing pass, and whether any revoked one is missing."""
    status = open_status(published_status_list().content, trusted_keys())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_number, revocation_id, revoked_at IS NULL FROM credentials_credential ORDER BY 1, 3"
        )
        rows = cursor.fetchall()
    return [(number, status.answer(identity)) for number, identity, stands in rows if stands] + [
        (number, "not named")
        for number, identity, stands in rows
        if not stands and status.answer(identity) != "revoked"
    ]
