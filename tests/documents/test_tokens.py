"""Keys in a token of PKCS#11: made inside SoftHSM, which never gives them out."""

import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from pkcs11 import Attribute, KeyType

from motcua.documents.signing.authority import Use, issue
from motcua.documents.signing.check import check
from motcua.documents.signing.keystore import KeyMissing, TokenPlace, certificate_of, keep, keep_place, opened
from motcua.documents.signing.parts import Part
from motcua.documents.signing.report import Answer

from .signed_papers import AGENCY, LATER, NOW, pdfsig, pyhanko_accepts, signed_by, signed_to, town

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "246810"
PLACE = TokenPlace(module=MODULE, token="motcua-test", key="seal")


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RSAPublicKey]:
    """Make a token of its own in a folder of its own, with a key that was born in it."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n",
        encoding="ascii",
    )
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    command = ["softhsm2-util", "--init-token", "--free", "--label", PLACE.token, "--pin", PIN]
    subprocess.run([*command, "--so-pin", "13579111"], check=True, capture_output=True)
    token = pkcs11.lib(MODULE).get_token(token_label=PLACE.token)
    with token.open(user_pin=PIN, rw=True) as session:
        half, _ = session.generate_keypair(KeyType.RSA, 2048, store=True, label=PLACE.key)
        modulus = int.from_bytes(half[Attribute.MODULUS], "big")
        exponent = int.from_bytes(half[Attribute.PUBLIC_EXPONENT], "big")
    yield RSAPublicNumbers(exponent, modulus).public_key()
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture
def keys(public: RSAPublicKey, tmp_path: Path) -> Path:
    seal = issue(
        town().root, name=AGENCY, agency=AGENCY, use=Use.AGENCY, now=NOW - timedelta(days=1), public=public
    )
    keep_place(tmp_path, "seal", PLACE, pin=PIN, certificate_pem=seal.certificate_pem)
    return tmp_path


def test_seal_from_a_token_is_valid_for_all_readers(keys: Path, tmp_path: Path) -> None:
    with opened(keys, "seal") as signer:
        paper = signed_by(signed_to(Part.LEADER), Part.AGENCY, signer=signer)

    assert check(paper, trust=town().trust(), at=LATER).answer is Answer.VALID
    assert pyhanko_accepts(paper)
    assert pdfsig(paper, tmp_path) == ["Signature is Valid."] * 3


def test_token_can_be_opened_again_and_again(keys: Path) -> None:
    for _ in range(3):
        with opened(keys, "seal") as signer:
            assert signed_by(signed_to(Part.LEADER), Part.AGENCY, signer=signer)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("seal.pin", b"999999"),
        ("seal.token", PLACE.model_copy(update={"token": "another"}).model_dump_json().encode()),
        ("seal.token", PLACE.model_copy(update={"module": "/nowhere.so"}).model_dump_json().encode()),
        ("seal.token", b"{"),
    ],
)
def test_token_that_does_not_open_is_told_by_name(keys: Path, file: str, content: bytes) -> None:
    (keys / file).write_bytes(content)

    with pytest.raises(KeyMissing, match="seal"), opened(keys, "seal"):
        pass


def test_private_key_does_not_leave_the_token(public: RSAPublicKey) -> None:
    token = pkcs11.lib(MODULE).get_token(token_label=PLACE.token)
    with token.open(user_pin=PIN) as session:
        private = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=PLACE.key)

        with pytest.raises(pkcs11.AttributeSensitive):
            _ = private[Attribute.PRIVATE_EXPONENT]


def test_key_in_a_file_needs_its_passphrase(tmp_path: Path) -> None:
    keep(tmp_path, "an", town().keys[Part.SPECIALIST])
    assert {each.stat().st_mode & 0o777 for each in tmp_path.glob("an.*")} == {0o600}

    (tmp_path / "an.passphrase").write_bytes(b"wrong")

    with pytest.raises(KeyMissing, match=r"an\.p12"), opened(tmp_path, "an"):
        pass


@pytest.mark.parametrize("name", ["", "../an", "An", "an/an", "a" * 61])
def test_odd_name_of_a_key_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeyMissing):
        certificate_of(tmp_path, name)
