"""Questions about accounts."""

from motcua.identity.models import Account


class AccountNotKnown(LookupError):
    """No account has that login."""


def account_of(login: str) -> Account:
    """Return the account of that login; raises ``AccountNotKnown``."""
    try:
        return Account.objects.get(login=login)
    except Account.DoesNotExist:
        raise AccountNotKnown(f"no account has the login {login}; add it first") from None


def account_names(account_ids: set[int]) -> dict[int, str]:
    """Return the names of accounts by id, in one query; unknown ids are left out."""
    return dict(Account.objects.filter(pk__in=account_ids).values_list("pk", "name"))
