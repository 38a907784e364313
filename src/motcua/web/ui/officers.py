"""Lets an officer in with their rights at this moment, or shows that there is nothing here for them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from motcua.identity.access import account_behind, officers_only
from motcua.identity.rights import Rights, rights_of
from motcua.identity.states import Purpose, Role

Rest = ParamSpec("Rest")


@dataclass(frozen=True, slots=True)
class Officer:
    """Who is signed in, what they may do, and the moment at which that was found out."""

    account_id: int
    name: str
    rights: Rights
    now: datetime

    @property
    def reads_cases(self) -> bool:
        """Tell whether the officer has a desk."""
        return self.rights.serves(Purpose.READ_CASES)

    @property
    def sees_figures(self) -> bool:
        """Tell whether the operations board has anything for the officer."""
        return self.reads_cases or self.rights.serves(Purpose.OVERSEE)

    @property
    def oversees(self) -> bool:
        """Tell whether the officer follows how offices work."""
        return self.rights.serves(Purpose.OVERSEE)

    @property
    def directs(self) -> bool:
        """Tell whether the officer writes directives and puts them in force."""
        return self.rights.serves(Purpose.DIRECT)

    @property
    def designs_services(self) -> bool:
        """Tell whether the officer has services whose rules they write."""
        return self.rights.serves(Purpose.DESIGN_SERVICES)

    @property
    def settles_mandates(self) -> bool:
        """Tell whether the officer may say who acts for a firm."""
        return self.rights.serves(Purpose.DECIDE_CASES)

    @property
    def handles_money(self) -> bool:
        """Tell whether the officer looks after payments and refunds."""
        return self.rights.serves(Purpose.HANDLE_CASES) or self.rights.serves(Purpose.DECIDE_CASES)

    @property
    def receives_cases(self) -> bool:
        """Tell whether the officer sits at a counter and files for whoever comes."""
        return self.rights.serves(Purpose.RECEIVE_CASES)

    @property
    def handles_cases(self) -> bool:
        """Tell whether the officer works at the counters of a hall."""
        return self.rights.serves(Purpose.HANDLE_CASES)

    @property
    def oversees_teams(self) -> bool:
        """Tell whether the officer sees what community digital teams did, or looks into objections to it."""
        return self.rights.serves(Purpose.OVERSEE) or self.rights.serves(Purpose.AUDIT)

    @property
    def keeps_archives(self) -> bool:
        """Tell whether the officer looks after ended dossiers, and may open them."""
        return self.rights.serves(Purpose.KEEP_ARCHIVES)

    @property
    def destroys_records(self) -> bool:
        """Tell whether the officer decides what is destroyed of the archive."""
        return self.rights.serves(Purpose.DESTROY_RECORDS)

    @property
    def keeps_reasons(self) -> bool:
        """Tell whether the officer writes the reasons that an office keeps ready."""
        return Role.APPROVER in self.rights.roles

    @property
    def checks_passes(self) -> bool:
        """Tell whether the officer stands at checkpoints."""
        return self.rights.serves(Purpose.CHECK_PASSES)


OfficerView = Callable[Concatenate[HttpRequest, Officer, Rest], HttpResponseBase]


def for_officers(
    *purposes: Purpose,
) -> Callable[[OfficerView[Rest]], Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]]:
    """Call the view with an officer who serves one of the purposes somewhere (any officer without purposes).

    Who is not signed in as an officer is asked to sign in, whatever the address; another officer gets the
    page that an address without anything behind it gives.
    """

    def with_officer(
        view: OfficerView[Rest],
    ) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            account = account_behind(request)
            if account is None:
                raise Http404
            now = timezone.now()
            rights = rights_of(account, now)
            if purposes and not any(rights.serves(purpose) for purpose in purposes):
                raise Http404
            return view(request, Officer(account.pk, account.name, rights, now), *args, **kwargs)

        return officers_only(guarded)

    return with_officer
