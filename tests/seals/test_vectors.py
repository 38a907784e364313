"""The shared vectors: the scanner's own tests read the same file (frontend/scanner/tests)."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from motcua.seals.keys import TrustedKey
from motcua.seals.passes import PassRefused, open_pass
from motcua.seals.status import open_status
from motcua.seals.trust import open_keys

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
ALWAYS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


def trusted_root() -> TrustedKey:
    public = serialization.load_der_public_key(base64.b64decode(VECTORS["root"]["spki"]))
    assert isinstance(public, ec.EllipticCurvePublicKey)
    return TrustedKey(bytes.fromhex(VECTORS["root"]["key_id"]), public, *ALWAYS)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_answer_is_the_one_written_down(case: dict[str, object]) -> None:
    bundle = open_keys(base64.b64decode(VECTORS["bundle"]), trusted_root())
    status = open_status(base64.b64decode(VECTORS["status"]), bundle.keys)
    at = datetime.fromtimestamp(int(str(case["at"])), UTC)

    try:
        opened = open_pass(str(case["text"]), bundle.keys, at)
        listed = status.answer(opened.revocation_id)
        reason = "revoked" if listed == "revoked" else "valid"
    except PassRefused as refusal:
        reason = refusal.code

    assert reason == case["reason"]
