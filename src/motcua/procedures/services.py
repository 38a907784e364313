"""Acts on the catalogue: install a revision, put an earlier one in force again."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from motcua.agencies.names import fold
from motcua.procedures.content import Content
from motcua.procedures.models import Procedure, Revision


@transaction.atomic
def install_revision(
    *, content: Content, sha256: str, now: datetime, texts: Mapping[str, str] | None = None
) -> int:
    """Put ``content`` in force, keep the files it was read from, and return its revision number.

    Content that is already in force is not installed again: its number is returned. Its files are kept anew,
    since sources and examples may say more than before about the same rules.
    """
    manifest = content.manifest
    words = (
        manifest.title.vi,
        manifest.title.en,
        manifest.summary.vi,
        manifest.summary.en,
        *manifest.keywords,
    )
    procedure, _ = Procedure.objects.update_or_create(
        code=manifest.code, defaults={"search_text": fold(" ".join(words))}
    )
    # The row lock lets two installers of one procedure wait for each other instead of clashing.
    Procedure.objects.select_for_update().get(pk=procedure.pk)
    standing = procedure.revisions.filter(withdrawn_at__isnull=True).first()
    if standing is not None and standing.sha256 == sha256:
        if texts is not None and standing.texts != texts:
            procedure.revisions.filter(pk=standing.pk).update(texts=dict(texts))
        return standing.number
    if standing is not None:
        procedure.revisions.filter(pk=standing.pk).update(withdrawn_at=now)
    newest = procedure.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    revision = Revision.objects.create(
        procedure=procedure,
        number=newest + 1,
        sha256=sha256,
        content=content.model_dump(mode="json", by_alias=True),
        texts=dict(texts or {}),
        installed_at=now,
    )
    return revision.number


class NoSuchRevision(LookupError):
    """The procedure has no revision of that number."""


@transaction.atomic
def put_in_force(*, code: str, number: int, now: datetime) -> int:
    """Install the content of a revision anew, unless it is what is in force, and return the number it has now.

    A revision is never changed, and each was in force once: history stays readable. Raises ``NoSuchRevision``.
    """
    wanted = Revision.objects.filter(procedure__code=code, number=number).first()
    if wanted is None:
        raise NoSuchRevision(f"{code} has no revision {number}")
    content = Content.model_validate(wanted.content)
    return install_revision(content=content, sha256=wanted.sha256, now=now, texts=wanted.texts)
