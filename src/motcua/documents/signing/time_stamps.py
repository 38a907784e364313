"""Time stamps by RFC 3161: the authority's side as a function, and the two ways of asking for one."""

import hashlib
import secrets
from datetime import UTC, datetime

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

from .authority import Issued

# An arc for examples; an authority that somebody relies on has a policy of its own.
POLICY = "1.3.6.1.4.1.32473.3161.1"
DIGEST_LENGTHS = {"sha256": 32, "sha384": 48, "sha512": 64}
ANSWER_WITHIN_SECONDS = 3.0


class _Refusal(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """A response without a stamp, which RFC 3161 allows and asn1crypto's own class does not."""

    _fields = [  # noqa: RUF012 - asn1crypto's way of saying what is inside
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", core.Any, {"optional": True}),
    ]


def answer(request: bytes, authority: Issued, *, now: datetime) -> bytes:
    """Return the response to a request, both DER; what is asked wrongly is answered with the reason."""
    try:
        asked = tsp.TimeStampReq.load(request, strict=True)
        imprint = asked["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        length = len(imprint["hashed_message"].native)
        policy = asked["req_policy"].native
    # Whatever the parser stumbles over, the sender is told the same; it has many kinds of error.
    except (ValueError, TypeError, KeyError):
        return _refused("bad_data_format", "the request is not a time stamp request")
    if asked["version"].native != "v1":
        return _refused("bad_request", "only version 1 is known")
    if DIGEST_LENGTHS.get(algorithm) != length:
        return _refused("bad_alg", "a SHA-256, SHA-384 or SHA-512 digest is needed")
    if policy is not None and policy != POLICY:
        return _refused("unaccepted_policy", f"the policy is {POLICY}")
    if asked["extensions"].native:
        return _refused("unaccepted_extensions", "no extension is known")
    with_certificates = bool(asked["cert_req"].native)
    token = _token(asked, authority, now=now, with_certificates=with_certificates)
    return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())


def _refused(failure: str, words: str) -> bytes:
    status = {"status": "rejection", "status_string": [words], "fail_info": {failure}}
    return bytes(_Refusal({"status": tsp.PKIStatusInfo(status)}).dump())


def _token(
    asked: tsp.TimeStampReq, authority: Issued, *, now: datetime, with_certificates: bool
) -> cms.ContentInfo:
    certificate = x509.Certificate.load(authority.certificate_der)
    told = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": asked["message_imprint"],
        "serial_number": int.from_bytes(secrets.token_bytes(19), "big"),
        # Whole seconds: some readers refuse fractions.
        "gen_time": now.astimezone(UTC).replace(microsecond=0),
        "accuracy": {"seconds": 1},
        "tsa": x509.GeneralName(name="directory_name", value=certificate.subject),
    }
    if asked["nonce"].native is not None:
        told["nonce"] = asked["nonce"]
    content = tsp.TSTInfo(told).dump()
    attributes = cms.CMSAttributes(
        [
            simple_cms_attribute("content_type", "tst_info"),
            simple_cms_attribute("message_digest", hashlib.sha256(content).digest()),
            simple_cms_attribute("signing_certificate_v2", as_signing_certificate_v2(certificate)),
        ]
    )
    signature = authority.private.sign(attributes.dump(), PKCS1v15(), hashes.SHA256())
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": {
                    "issuer": certificate.issuer,
                    "serial_number": certificate.serial_number,
                }
            }
        ),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
        "signed_attrs": attributes,
        "signature": signature,
    }
    signed = {
        "version": "v3",
        "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
        "signer_infos": [cms.SignerInfo(signer)],
    }
    if with_certificates:
        signed["certificates"] = [cms.CertificateChoices(name="certificate", value=certificate)]
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


class OwnTimeStamps(TimeStamper):
    """Stamps from a key at hand, at the moment given: for the demo on one machine, and for tests."""

    def __init__(self, authority: Issued, now: datetime) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the base class has no types
        self._authority = authority
        self._now = now

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Answer without a network."""
        return tsp.TimeStampResp.load(answer(req.dump(), self._authority, now=self._now))


class _OverHttp(RequestsHTTPTimeStamper):
    """Asks over HTTP, and tells a refusal from a stamp."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Ask; raises ``TimestampRequestError`` with the words of whoever refuses."""
        try:
            response = await super().async_request_tsa_response(req)
            status = _Refusal.load(response.dump())["status"]
            state, words = status["status"].native, status["status_string"].native
        except (ValueError, TypeError, KeyError) as fault:
            raise TimestampRequestError("the authority of time stamps answered something else") from fault
        if state not in ("granted", "granted_with_mods"):
            raise TimestampRequestError(f"the authority of time stamps refused: {state} {words or ''}")
        return response


def time_stamps_at(address: str) -> TimeStamper:
    """Return the client of an authority that answers over HTTP, given up after three seconds."""
    return _OverHttp(address, timeout=ANSWER_WITHIN_SECONDS)  # type: ignore[no-untyped-call]  # untyped there
