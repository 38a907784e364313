"""Who reacts to what: the one table from the name of an event to the functions that handle it.

An app speaks and does not know who listens. A handler runs at least once and has its effect once.
"""

from collections.abc import Mapping

HANDLERS: Mapping[str, tuple[str, ...]] = {
    "CredentialRevoked": ("motcua.credentials.handlers.publish_at_once",),
    "DirectiveEnded": ("motcua.cases.following.follow_the_law",),
    "FeesCancelled": ("motcua.cases.handlers.keep_results",),
    "FeesPaid": ("motcua.cases.handlers.go_on",),
    "KeyRevoked": ("motcua.credentials.handlers.publish_at_once",),
    "KeyRotated": ("motcua.credentials.handlers.publish_at_once",),
    "RegisterLoaded": ("motcua.cases.following.follow_a_load",),
    "ResultSealed": ("motcua.cases.handlers.keep_results",),
    "ResultWithdrawn": ("motcua.cases.handlers.keep_results",),
}

# What an archived dossier holds as pages for people: made by those who make the pages of the case.
ARCHIVED_PAGES: tuple[str, ...] = (
    "motcua.web.ui.archived.pages_of_case",
    "motcua.web.portal.archived.letters_of_case",
)
