"""How a session finds its account; accounts are checked in ``officers`` and ``oidc``, never here."""

from django.contrib.auth.backends import BaseBackend

from motcua.identity.models import Account

PATH = "motcua.identity.backends.SessionAccount"


class SessionAccount(BaseBackend):
    """Finds the active account of a session; signs no one in, with a password or otherwise."""

    def get_user(self, user_id: int) -> Account | None:
        """Return the account unless it was closed."""
        return Account.objects.filter(pk=user_id, is_active=True).first()
