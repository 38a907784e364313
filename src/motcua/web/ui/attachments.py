"""Gives out what somebody else made: as a file to keep, which no browser runs or shows as a page of ours."""

from django.http import HttpResponse


def attachment(content: bytes, *, media_type: str, file_name: str) -> HttpResponse:
    """Return the content as an attachment; ``file_name`` is ours, of plain letters, digits, dots and dashes."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Should a browser show it all the same, it is a stranger there: no script, no form, no origin.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
