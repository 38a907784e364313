"""The garden of tests/support, asking for a paper, with citizens who sign in."""

from collections.abc import Callable

import pytest
from django.test import Client
from garden import NOW, Cite, citizen, members, procedure
from garden_papers import with_papers

from motcua.identity.backends import PATH
from motcua.identity.models import Account
from motcua.procedures.queries import ProcedureView, procedure_in_force
from motcua.procedures.services import install_revision

__all__ = ["citizen", "members", "procedure"]
SignIn = Callable[[str], Client]


@pytest.fixture
def asking(procedure: ProcedureView) -> ProcedureView:
    install_revision(content=with_papers(replaced_by="fact.member"), sha256="b" * 64, now=NOW)
    return procedure_in_force("garden_key")


@pytest.fixture
def browser(asking: ProcedureView, citizen: Cite) -> SignIn:
    def signed_in(number: str) -> Client:
        client = Client()
        client.force_login(Account.objects.get(pk=citizen(number).account_id), backend=PATH)
        return client

    return signed_in
