"""Records that answer no case, as minutes of a destruction, under the seal of an agency; papers kept for decades."""

from datetime import datetime

from .models import SignatureKey
from .results import NoKeyToSignWith
from .signing import acts
from .signing.keystore import opened
from .signing.preserve import preserve
from .states import Signatory
from .stores import keys_folder, stamps_for, trust_now


def seal_record(pdf: bytes, *, agency_path: str, now: datetime) -> bytes:
    """Return the record with the seal of the agency, or of the nearest above it that has one.

    Raises ``NoKeyToSignWith``, ``CertificateNotGood`` and ``TimeStampsSilent``.
    """
    seals = SignatureKey.objects.filter(
        signatory=Signatory.AGENCY, retired_at__isnull=True, agency_path__above=agency_path
    )
    key = seals.order_by("-agency_path").first()
    if key is None:
        raise NoKeyToSignWith(
            f"{agency_path} and those above it have no seal; motcua documents key gives one"
        )
    with opened(keys_folder(), key.name) as signer:
        return acts.seal_record(
            pdf, signer=signer, time_stamps=stamps_for(now), trust=trust_now(now), now=now
        )


def preserved(pdf: bytes, *, now: datetime) -> bytes:
    """Return a sealed paper with a time stamp of this day over it and its validation data; it begins with the paper.

    Raises what :func:`motcua.documents.signing.preserve.preserve` raises.
    """
    return preserve(pdf, time_stamps=stamps_for(now), trust=trust_now(now), now=now)
