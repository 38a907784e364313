"""Rights as a predicate over rows: place × office × role × purpose."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from motcua.identity.models import Account, Appointment
from motcua.identity.states import PURPOSES, AccountKind, Purpose, Role


@dataclass(frozen=True, slots=True)
class Grant:
    """One role at or below an agency, for places at or below a path."""

    role: Role
    agency_path: str
    place_path: str

    def covers(self, *, agency_path: str, place_path: str) -> bool:
        """Tell whether the agency and the place both lie within."""
        return _within(agency_path, self.agency_path) and _within(place_path, self.place_path)


@dataclass(frozen=True, slots=True)
class Rights:
    """What an account may do at one moment; without grants, nothing."""

    account_id: int | None
    grants: tuple[Grant, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def serves(self, purpose: Purpose) -> bool:
        """Tell whether any role held serves the purpose, wherever."""
        return any(purpose in PURPOSES[role] for role in self.roles)

    def may(self, purpose: Purpose, *, agency_path: str, place_path: str) -> bool:
        """Tell whether the account may act for the purpose on one object."""
        return any(
            grant.covers(agency_path=agency_path, place_path=place_path)
            for grant in self._chosen(purpose=purpose)
        )

    def roles_at(self, *, agency_path: str, place_path: str) -> frozenset[Role]:
        """Return the roles held for one object."""
        return frozenset(
            grant.role
            for grant in self.grants
            if grant.covers(agency_path=agency_path, place_path=place_path)
        )

    def predicate(
        self,
        agency_field: str,
        place_field: str,
        roles: Collection[Role] | None = None,
        *,
        purpose: Purpose | None = None,
    ) -> Q:
        """Return the condition that keeps the rows within; the fields must be ``LtreeField`` columns.

        ``roles`` and ``purpose`` narrow the grants that count. Without a grant no row is kept.
        """
        condition = Q(pk__in=[])
        # Where one branch holds another, the wider one says it all: the rows are asked as little as possible.
        for agency, place in widest(
            (g.agency_path, g.place_path) for g in self._chosen(roles=roles, purpose=purpose)
        ):
            condition |= Q(**{f"{agency_field}__within": agency, f"{place_field}__within": place})
        return condition

    def _chosen(
        self, *, roles: Collection[Role] | None = None, purpose: Purpose | None = None
    ) -> tuple[Grant, ...]:
        return tuple(
            grant
            for grant in self.grants
            if (roles is None or grant.role in roles) and (purpose is None or purpose in PURPOSES[grant.role])
        )


NO_RIGHTS = Rights(account_id=None)


def rights_of(account: Account | int | None, now: datetime) -> Rights:
    """Return the rights that follow from the appointments in force on the day; one query.

    Only active officers have any: a citizen's own cases are found by the person, not by rights.
    """
    pk = account if isinstance(account, int | None) else account.pk
    if pk is None:
        return NO_RIGHTS
    appointments = (
        Appointment.objects.in_force(timezone.localdate(now))
        .filter(account=pk, account__is_active=True, account__kind=AccountKind.OFFICER)
        .order_by("pk")
        .values_list("role", "agency__path", "place_path")
    )
    return Rights(
        account_id=pk,
        grants=tuple(
            Grant(Role(role), agency_path, place_path) for role, agency_path, place_path in appointments
        ),
    )


def officers_over(
    *, agency_path: str, place_path: str, roles: Collection[Role], now: datetime
) -> dict[int, tuple[str, frozenset[Role]]]:
    """Return, by account, the name and roles of the active officers who hold one of the roles there; one query."""
    rows = (
        Appointment.objects.in_force(timezone.localdate(now))
        .filter(
            account__is_active=True,
            account__kind=AccountKind.OFFICER,
            role__in=list(roles),
            agency__path__above=agency_path,
            place_path__above=place_path,
        )
        .values_list("account_id", "account__name", "role")
    )
    found: dict[int, tuple[str, frozenset[Role]]] = {}
    for account_id, name, role in rows:
        held = found[account_id][1] if account_id in found else frozenset[Role]()
        found[account_id] = (name, held | {Role(role)})
    return found


def widest(branches: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs of agency and place that no other of the pairs holds, in their order."""
    every = list(dict.fromkeys(branches))
    return [
        (agency, place)
        for agency, place in every
        if not any(
            (agency, place) != wider and _within(agency, wider[0]) and _within(place, wider[1])
            for wider in every
        )
    ]


def _within(path: str, branch: str) -> bool:
    return path == branch or path.startswith(f"{branch}.")
