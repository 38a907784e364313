"""A pass as text: CWT claims in COSE_Sign1, compressed, in Base45 behind ``MC1:``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from motcua.seals import base45, compression, cose, deterministic
from motcua.seals.base45 import NotBase45
from motcua.seals.compression import NotZlib
from motcua.seals.cose import NotSign1
from motcua.seals.keys import SigningKey, TrustedKey, signature_holds

PREFIX = "MC1:"
LONGEST_TEXT = 400
# The kind has a capital letter for its key, because a layout names its own claims in small ones.
ISSUER, EXPIRES, NOT_BEFORE, ISSUED, IDENTITY, KIND = 1, 4, 5, 6, 7, "K"
# The text limit bounds the compressed size to 264 bytes; no honest pass swells beyond this.
_LARGEST_MESSAGE = 1024
_LATEST_SECOND = 253402300799
Claims = Mapping[int | str, object]


class PassTooLong(ValueError):
    """The claims do not fit into a QR that a phone reads at arm's length."""


class PassRefused(ValueError):
    """A text is not a pass that holds; ``code`` names the reason, the same in every verifier."""

    code = "refused"

    def __str__(self) -> str:
        return f"{self.code}: {super().__str__()}"


class NotOurs(PassRefused):
    """The text does not begin as a pass does."""

    code = "not_a_pass"


class NotReadable(PassRefused):
    """The text begins as a pass but cannot be read, or is not spelt as we spell it."""

    code = "damaged"


class KeyUnknown(PassRefused):
    """No trusted key has the key id of the pass."""

    code = "unknown_key"


class SignatureWrong(PassRefused):
    """The content was altered, or signed by someone else."""

    code = "wrong_signature"


class KeyNotValid(PassRefused):
    """The key was not valid when the pass was signed or is not at the time of the check."""

    code = "key_not_valid"


class KeyRevoked(PassRefused):
    """The pass was signed after its key was revoked."""

    code = "key_revoked"


class NotYetValid(PassRefused):
    """The pass begins later."""

    code = "not_yet_valid"


class Expired(PassRefused):
    """The pass has ended."""

    code = "expired"


@dataclass(frozen=True, slots=True)
class OpenedPass:
    """A pass whose signature and times hold; whether it was revoked is in the status list."""

    claims: Claims
    key_id: bytes

    @property
    def revocation_id(self) -> int:
        """The number of the pass in the status list."""
        identity = self.claims[IDENTITY]
        assert isinstance(identity, bytes)
        return int.from_bytes(identity, "big")

    @property
    def kind(self) -> str:
        """The kind of pass, as its layout names it."""
        return str(self.claims[KIND])

    def moment(self, claim: int) -> datetime:
        """Return one of the times of the pass."""
        seconds = self.claims[claim]
        assert isinstance(seconds, int)
        return datetime.fromtimestamp(seconds, UTC)


def seal_pass(claims: Claims, key: SigningKey) -> str:
    """Sign the claims and write them as text of at most 400 letters. Raises ``PassTooLong``."""
    payload = deterministic.encode_map(claims)
    _refuse_wrong_claims(claims)
    text = PREFIX + base45.encode(compression.compress(cose.seal(payload, key)))
    if len(text) > LONGEST_TEXT:
        raise PassTooLong(
            f"the pass would have {len(text)} letters of {LONGEST_TEXT} allowed; shorten a claim or drop one"
        )
    return text


def open_pass(text: str, trusted: Iterable[TrustedKey], at: datetime) -> OpenedPass:
    """Verify a text against the trusted keys at a moment. Raises a kind of ``PassRefused``."""
    keys = trusted if isinstance(trusted, Sequence) else list(trusted)
    return _open_plain(text, keys, at) or open_in_full(text, keys, at)


def _open_plain(text: str, trusted: Sequence[TrustedKey], at: datetime) -> OpenedPass | None:
    """Open what is plainly a pass that holds; None for all else, which is read in full to say what is wrong with it.

    Checks all that :func:`open_in_full` checks, in one go: its steps, small as they are, take half as long as the
    signature. A test holds the two to the same answer for whatever is altered.
    """
    if not text.startswith(PREFIX) or len(text) > LONGEST_TEXT:
        return None
    try:
        encoded = compression.decompress(base45.decode(text[len(PREFIX) :]), _LARGEST_MESSAGE)
    except ValueError:
        return None
    cut = cose.cut_ours(encoded)
    if cut is None:
        return None
    key_id, signed, payload, signature = cut
    for key in trusted:
        if key.key_id == key_id and key.algorithm == "ES256" and signature_holds(key, signature, signed):
            break
    else:
        return None
    try:
        claims = deterministic.decode_spelt(payload)
        begins, ends, issued = claims[NOT_BEFORE], claims[EXPIRES], claims[ISSUED]
        identity, kind = claims[IDENTITY], claims[KIND]
    except (ValueError, KeyError):
        return None
    second = at.timestamp()
    if (
        type(begins) is int
        and type(ends) is int
        and type(issued) is int
        and 0 <= begins <= second < ends <= _LATEST_SECOND
        and 0 <= issued <= second
        and type(identity) is bytes
        and len(identity) == 4
        and type(kind) is str
        and key.revoked_at is None
        and key.not_before <= datetime.fromtimestamp(issued, UTC)
        # It was issued before this moment, at which the key is valid still.
        and at <= key.not_after
    ):
        return OpenedPass(claims, key_id)
    return None


def open_in_full(text: str, trusted: Iterable[TrustedKey], at: datetime) -> OpenedPass:
    """Verify a text step by step, as :func:`open_pass` does. Raises a kind of ``PassRefused``."""
    message = _message(text)
    key_id = message.key_id
    assert isinstance(key_id, bytes)
    key = _signer(message, key_id, trusted)
    try:
        claims = deterministic.decode_spelt(message.payload)
        _refuse_wrong_claims(claims)
    except ValueError as fault:
        raise NotReadable(str(fault)) from fault
    opened = OpenedPass(claims, key_id)
    _refuse_key(key, opened.moment(ISSUED), at)
    _refuse_times(opened, at)
    return opened


def _signer(message: cose.Sign1, key_id: bytes, trusted: Iterable[TrustedKey]) -> TrustedKey:
    known = False
    for key in trusted:
        if key.key_id == key_id:
            if message.signed_by(key):
                return key
            known = True
    if known:
        raise SignatureWrong("the content was altered or signed by someone else")
    raise KeyUnknown(f"no trusted key has the id {key_id.hex()}")


def is_same_pass(text: str, other: str) -> bool:
    """Say whether two texts carry the same signed message; only their compression may differ.

    Texts themselves are no identity: zlib can spell one content in many ways.
    """
    return text == other or _encoded(text) == _encoded(other)


def _message(text: str) -> cose.Sign1:
    try:
        return cose.read_ours(_encoded(text))
    except NotSign1 as fault:
        raise NotReadable(str(fault)) from fault


def _encoded(text: str) -> bytes:
    if not text.startswith(PREFIX):
        raise NotOurs(f"a pass begins with {PREFIX}")
    if len(text) > LONGEST_TEXT:
        raise NotReadable(f"the text has {len(text)} letters, a pass has {LONGEST_TEXT} at most")
    try:
        compressed = base45.decode(text.removeprefix(PREFIX))
        return compression.decompress(compressed, _LARGEST_MESSAGE)
    except (NotBase45, NotZlib) as fault:
        raise NotReadable(str(fault)) from fault


def _refuse_wrong_claims(claims: Claims) -> None:
    for claim, name in ((EXPIRES, "end"), (NOT_BEFORE, "beginning"), (ISSUED, "time of issue")):
        seconds = claims.get(claim)
        if type(seconds) is not int or not 0 <= seconds <= _LATEST_SECOND:
            raise ValueError(f"the claim {claim} ({name}) is not a time in whole seconds")
    identity = claims.get(IDENTITY)
    if not isinstance(identity, bytes) or len(identity) != 4:
        raise ValueError(f"the claim {IDENTITY} (revocation id) is not 4 bytes")
    if not isinstance(claims.get(KIND), str):
        raise ValueError(f"the claim {KIND} (kind) is not a text")


def _refuse_key(key: TrustedKey, signed_at: datetime, at: datetime) -> None:
    if not key.not_before <= signed_at <= key.not_after or not key.not_before <= at <= key.not_after:
        raise KeyNotValid(
            f"the key is valid from {key.not_before:%d/%m/%Y %H:%M} to {key.not_after:%d/%m/%Y %H:%M} UTC"
        )
    if key.revoked_at is not None and signed_at >= key.revoked_at:
        raise KeyRevoked(f"the key was revoked at {key.revoked_at:%d/%m/%Y %H:%M} UTC and signed this later")


def _refuse_times(opened: OpenedPass, at: datetime) -> None:
    # Compared in seconds, which are whole in a pass: the moments themselves are made only to be told.
    claims, second = cast("Mapping[int, int]", opened.claims), at.timestamp()
    if second < claims[NOT_BEFORE] or second < claims[ISSUED]:
        begins = max(opened.moment(NOT_BEFORE), opened.moment(ISSUED))
        raise NotYetValid(f"valid from {begins:%d/%m/%Y %H:%M} UTC")
    if second >= claims[EXPIRES]:
        raise Expired(f"ended at {opened.moment(EXPIRES):%d/%m/%Y %H:%M} UTC")
