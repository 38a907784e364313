"""The editor of decision tables: dmn-js as an island on a page of ours.

Its licence asks for a mark that the library draws with styles of its own. The page's policy allows exactly the
styles that the library writes, each by its hash, and no other.
"""

import base64
import hashlib

from csp.constants import SELF, UNSAFE_HASHES
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from motcua.identity.states import Purpose
from motcua.packs.uploads import EDITOR_NAMESPACE
from motcua.web.studio.draft import draft_page, opened_draft
from motcua.web.ui.officers import Officer, for_officers

# Written in dmn-js-shared/lib/util/PoweredByUtil.js, which may not be changed; a new release may write others.
STYLES_OF_THE_LIBRARY = (
    "vertical-align:middle",
    "position: absolute; bottom: 15px; right: 15px; z-index: 100;",
    "z-index: 1001;position: fixed;top: 0;left: 0;right: 0;bottom: 0",
    "width: 100%;height: 100%;background: rgba(40,40,40,0.2)",
    "position: absolute;left: 50%;top: 40%;transform: translate(-50%);width: 260px;padding: 10px;"
    "background: white;box-shadow: 0 1px 4px rgba(0,0,0,0.3);font-family: Helvetica, Arial, sans-serif;"
    "font-size: 14px;display: flex;line-height: 1.3",
    "margin: 15px 20px 15px 10px; align-self: center;",
    # What is dragged has no picture: dmn-js-decision-table/lib/features/drag-and-drop/DragAndDrop.js.
    "\n          visibility: hidden;\n          position: fixed;\n          top: -10000px\n      ",
)


def hash_of(style: str) -> str:
    """Return the hash by which a content security policy names one style."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"'sha256-{digest}'"


STYLES = [SELF, UNSAFE_HASHES, *(hash_of(style) for style in STYLES_OF_THE_LIBRARY)]


@require_safe
@for_officers(Purpose.DESIGN_SERVICES)
def editor(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """Open the tables of the draft in the editor."""
    opened = opened_draft(code, officer)
    if opened is None:
        return redirect("studio:service", code)
    page = {
        **draft_page(opened, officer),
        "first": opened.pack.content.manifest.answering,
        "editable": EDITOR_NAMESPACE in opened.pack.content.decision_model,
    }
    response = render(request, "studio/editor.html", page)
    # Read by the middleware of django-csp, as its own decorator would leave it.
    response._csp_update = {"style-src": STYLES}  # type: ignore[attr-defined]
    return response
