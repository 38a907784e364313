"""A register of another agency, asked over HTTP; docs/reference/registers.md describes the exchange.

One POST carries all readings; the reply is checked strictly, and anything but a good reply in
time is silence. The citizen number travels in the body only, never in an address.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from time import monotonic

import requests
from django.conf import settings
from pydantic import ValidationError

from motcua.identity.models import Person
from motcua.identity.numbers import PersonNumber
from motcua.registers.cells import CellRefused, reader_of
from motcua.registers.declaration import Declaration
from motcua.registers.exchange import AskedReading, Inquiry, Reply
from motcua.registers.facts import Value, value_as_text
from motcua.registers.questions import Asked
from motcua.registers.readings import Cells, Found, Reading, SourceSilent

LARGEST_REPLY = 5_000_000
# The pool is a bulkhead: when silent sources hold all of it, the next question is silent at once.
_POOL = ThreadPoolExecutor(max_workers=32, thread_name_prefix="register")
# A source that ran out of time is left alone for a while, endpoint by endpoint: a page that waits for it
# holds a web process, and a handful of such pages would hold the site. Its cases ask again by a job.
REST_SECONDS = 10.0
_resting_until: dict[str, float] = {}


def read_over_http(
    *,
    declaration: Declaration,
    readings: Sequence[Reading],
    person_keys: Sequence[bytes],
    purpose: str,
    within_seconds: float,
    now: datetime,
) -> Callable[[], Found]:
    """Send the readings and return the function that waits for the reply, at most until the time is up."""
    del now  # the other agency answers as of its own moment, and says which
    deadline = monotonic() + within_seconds
    inquiry, keys, unasked = _inquiry(readings, person_keys, purpose)
    if not keys:
        return lambda: Found({}, None, unasked)
    endpoint = declaration.endpoint or ""
    if monotonic() < _resting_until.get(endpoint, 0.0):
        return lambda: _still_silent(declaration.name)
    future: Future[Reply] = _POOL.submit(_exchange, declaration, inquiry, deadline)

    def finish() -> Found:
        try:
            reply = future.result(timeout=max(0.0, deadline - monotonic()))
        except TimeoutError as error:
            future.cancel()
            _resting_until[endpoint] = monotonic() + REST_SECONDS
            raise SourceSilent(f"The register {declaration.name} did not answer in time") from error
        return Found(_found(declaration, reply, readings, keys), reply.as_of, unasked)

    return finish


def _still_silent(name: str) -> Found:
    raise SourceSilent(f"The register {name} was silent a moment ago and is not asked yet")


def _inquiry(
    readings: Sequence[Reading], person_keys: Sequence[bytes], purpose: str
) -> tuple[Inquiry, dict[str, tuple[int, bytes]], frozenset[tuple[int, bytes]]]:
    """Return what to send, for each id which reading and person it stands for, and what cannot be sent."""
    others = [value for reading in readings for _, value in reading.exact if isinstance(value, bytes)]
    numbers = _numbers_of([*person_keys, *others])
    asked: list[AskedReading] = []
    keys: dict[str, tuple[int, bytes]] = {}
    unasked: set[tuple[int, bytes]] = set()
    for number, reading in enumerate(readings):
        for person in person_keys if reading.about_person else [b""]:
            match = {name: _sent(value, person, numbers) for name, value in reading.exact}
            known = {name: value for name, value in match.items() if value is not None}
            if len(known) < len(match):
                # A person whose number is not held cannot be named to another agency.
                unasked.add((number, person))
                continue
            name = str(len(asked))
            asked.append(AskedReading(id=name, match=known, columns=reading.columns))
            keys[name] = (number, person)
    return Inquiry(purpose=purpose, readings=tuple(asked)), keys, frozenset(unasked)


def _numbers_of(person_keys: Sequence[bytes]) -> dict[bytes, str]:
    """Return the citizen numbers of those who are recorded here; another agency knows people by nothing else."""
    rows = Person.objects.filter(key__in=person_keys).values_list("key", "number_sealed")
    return {bytes(key): PersonNumber.unseal(bytes(sealed)).digits for key, sealed in rows}


def _sent(value: Value | Asked, person: bytes, numbers: dict[bytes, str]) -> str | None:
    if value is Asked.PERSON:
        return numbers.get(person)
    return numbers.get(value) if isinstance(value, bytes) else value_as_text(value)


def _exchange(declaration: Declaration, inquiry: Inquiry, deadline: float) -> Reply:
    """Post the inquiry and return the checked reply. Raises ``SourceSilent``."""
    seconds = deadline - monotonic()
    if seconds <= 0 or declaration.endpoint is None:
        raise SourceSilent(f"The register {declaration.name} was not asked: no time was left")
    try:
        with requests.post(
            declaration.endpoint,
            data=inquiry.model_dump_json().encode(),
            headers={"Content-Type": "application/json", **_authorization(declaration.name)},
            timeout=(seconds, seconds),
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != 200:
                raise SourceSilent(f"The register {declaration.name} answered {response.status_code}")
            content = b""
            # The limit of requests is per packet; a source that drips must end as well.
            for chunk in response.iter_content(65_536):
                content += chunk
                if len(content) > LARGEST_REPLY or monotonic() > deadline:
                    raise SourceSilent(f"The register {declaration.name} sends too much or too slowly")
        return Reply.model_validate_json(content)
    except (requests.RequestException, ValidationError, ValueError) as error:
        # No cause in the message: a reply can hold personal data.
        raise SourceSilent(f"The register {declaration.name} gave no usable reply") from error


def _authorization(name: str) -> dict[str, str]:
    file = settings.SECRETS_DIR / "registers" / f"{name}.token"
    return {"Authorization": f"Bearer {file.read_text().strip()}"} if file.exists() else {}


def _found(
    declaration: Declaration, reply: Reply, readings: Sequence[Reading], keys: dict[str, tuple[int, bytes]]
) -> dict[tuple[int, bytes], list[Cells]]:
    records: dict[tuple[int, bytes], list[Cells]] = {}
    for answered in reply.readings:
        if answered.id not in keys or keys[answered.id] in records:
            raise SourceSilent(f"The register {declaration.name} answered what was not asked")
        columns = readings[keys[answered.id][0]].columns
        records[keys[answered.id]] = [_checked(declaration, columns, cells) for cells in answered.records]
    if len(records) < len(keys):
        raise SourceSilent(f"The register {declaration.name} left questions without answer")
    return records


def _checked(declaration: Declaration, columns: tuple[str, ...], cells: list[str | None]) -> Cells:
    """Return the cells as our own table would give them: typed, composed, a person as a key."""
    try:
        return tuple(
            None if cell is None else _as_text(reader_of(declaration.column(name), None)(cell))
            for name, cell in zip(columns, cells, strict=True)
        )
    except (CellRefused, ValueError) as error:
        raise SourceSilent(f"The register {declaration.name} answered with cells of another type") from error


def _as_text(value: Value | None) -> str | None:
    return None if value is None else value_as_text(value)
