"""Questions about accounts."""

from dataclasses import dataclass

from motcua.identity.models import Account
from motcua.identity.states import AccountKind


class AccountNotKnown(LookupError):
    """No account has that login."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as pages may name it."""

    account_id: int
    kind: AccountKind
    login: str
    name: str


def account_of(login: str) -> Account:
    """Return the account of that login; raises ``AccountNotKnown``."""
    try:
        return Account.objects.get(login=login)
    except Account.DoesNotExist:
        raise AccountNotKnown(f"no account has the login {login}; add it first") from None


def account_names(account_ids: set[int]) -> dict[int, str]:
    """Return the names of accounts by id, in one query; unknown ids are left out."""
    return dict(Account.objects.filter(pk__in=account_ids).values_list("pk", "name"))


def account_view(account_id: int) -> AccountView:
    """Return the account of that id; raises ``AccountNotKnown``."""
    row = Account.objects.filter(pk=account_id).first()
    if row is None:
        raise AccountNotKnown(f"there is no account:{account_id}")
    return AccountView(account_id=row.pk, kind=AccountKind(row.kind), login=row.login, name=row.name)
