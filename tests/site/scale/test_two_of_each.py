"""Two web processes and two workers on one database: one case a key, and each job's effect once."""

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from .conftest import Installation

KEYS = 24
WANTED = {"procedure": "market_card", "data": {"market_place": "20194", "truthful": True}}


def post(site: str, token: str, key: str) -> tuple[int, str]:
    """File once; return the status and the reference or the word of the refusal."""
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": key,
        "Content-Type": "application/json",
        "Host": "127.0.0.1",
    }
    connection.request("POST", "/api/submissions", json.dumps(WANTED), headers)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    return answer.status, str(told.get("reference") or told.get("error"))


def test_same_key_sent_to_both_processes_is_one_case(programs: Installation) -> None:
    sites = (programs.web(), programs.web())
    token = json.loads(programs.motcua("demo", "accounts", "--json"))["api"]["token"]
    before = len(programs.motcua("export", "cases").splitlines())
    ready = threading.Barrier(2 * KEYS)

    def client(number: int) -> tuple[str, int, str]:
        key = f"twice-{number // 2}"
        ready.wait(60)
        status, told = post(sites[number % 2], token, key)
        while told == "in_flight":
            time.sleep(0.2)
            status, told = post(sites[number % 2], token, key)
        return key, status, told

    with ThreadPoolExecutor(2 * KEYS) as clients:
        answers = list(clients.map(client, range(2 * KEYS)))

    references: dict[str, set[str]] = {}
    for key, status, told in answers:
        assert status in (200, 201), told
        references.setdefault(key, set()).add(told)
    assert [len(told) for told in references.values()] == [1] * KEYS
    assert len(set.union(*references.values())) == KEYS
    assert sorted(status for _, status, _ in answers) == [200] * KEYS + [201] * KEYS
    assert len(programs.motcua("export", "cases").splitlines()) == before + KEYS


def test_each_job_has_its_effect_once_whoever_of_two_workers_takes_it(programs: Installation) -> None:
    for _ in range(2):
        programs.start("-m", "motcua.site.worker")
    revoked = int(
        programs.python(
            """
from django.utils import timezone
from motcua.credentials.models import Credential
from motcua.credentials.services import issue, revoke
from datetime import timedelta
now = timezone.now()
for number in range(20):
    given = issue(case_number=f"TWO-{number}", agency_path="dn", kind="market_card", claims={"n": "A"},
                  valid_from=now, valid_to=now + timedelta(days=1), now=now)
    revoke(credential_id=given.id, reason="tried", now=timezone.now())
print(Credential.objects.filter(revoke_reason="tried").count())
"""
        )
    )
    counted = """
import json
from django.db import connection
from motcua.events.models import Delivery, LedgerEntry
entries = LedgerEntry.objects.filter(name="CredentialRevoked")
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FILTER (WHERE status IN ('todo', 'doing') AND task_name LIKE 'motcua.events%%'),"
                   " count(*) FILTER (WHERE status = 'failed') FROM procrastinate_jobs")
    waiting, failed = cursor.fetchone()
places = {(entry.lane, entry.sequence) for entry in entries}
done = [(each.lane, each.sequence) for each in Delivery.objects.all() if (each.lane, each.sequence) in places]
print(json.dumps([waiting, failed, len(done), len(set(done))]))
"""
    until = time.monotonic() + 90
    while True:
        waiting, failed, delivered, different = json.loads(programs.python(counted))
        if waiting == 0 or time.monotonic() > until:
            break
        time.sleep(1)

    assert (waiting, failed) == (0, 0)
    assert delivered == different == revoked == 20
