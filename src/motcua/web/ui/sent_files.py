"""The file that came with a form: chosen on the device or photographed, one of both."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from motcua.vault.checking.faults import PaperRefused
from motcua.vault.checking.limits import MOST_BYTES
from motcua.web.ui.components import FieldError
from motcua.web.ui.paper_words import ONE_FILE


def sent_file(request: HttpRequest, name: str) -> "tuple[UploadedFile[bytes] | None, FieldError | None]":
    """Return the one file that was sent under the name, chosen or photographed, or what is wrong with it."""
    sent = [file for file in (request.FILES.get(name), request.FILES.get(f"{name}-photo")) if file]
    if len(sent) > 1:
        return None, FieldError(name, ONE_FILE)
    if sent:
        return sent[0], None
    # A file past the limit of all requests was not even kept.
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return None, FieldError(name, PaperRefused("too_large").said)
    return None, None
