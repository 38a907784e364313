"""Counts of help: for a member and their team, for who oversees, and for everybody from ten on."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from motcua.agencies.models import Team
from motcua.agencies.queries import place_names
from motcua.identity.queries import account_names
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.procedures.content import Bilingual
from motcua.procedures.queries import NoSuchProcedure, procedure_in_force
from motcua.teams.models import Assistance
from motcua.teams.queries import HelpView, view_of

# No count below ten is shown to everybody: few people in one hamlet can be told apart.
LEAST_SHOWN = 10
WEEKS = 8
MOST_TEAMS = 200
MOST_OBJECTIONS = 100
PUBLIC_DAYS = 365


@dataclass(frozen=True, slots=True)
class TeamCounts:
    """How often a member and their team helped."""

    mine_this_week: int
    mine: int
    team_this_week: int
    team: int


def team_counts(team_id: int, account_id: int, *, now: datetime) -> TeamCounts:
    """Return the counts of a member and their team; one query."""
    week, own = Q(filed_at__gte=week_of(now)), Q(account=account_id)
    found = Assistance.objects.filter(team=team_id, filed_at__isnull=False).aggregate(
        mine_this_week=Count("pk", filter=own & week),
        mine=Count("pk", filter=own),
        team_this_week=Count("pk", filter=week),
        team=Count("pk"),
    )
    return TeamCounts(**found)


def week_of(moment: datetime) -> datetime:
    """Return the Monday midnight, in the city's time, before the moment."""
    local = timezone.localtime(moment)
    return (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class TeamTally:
    """What one team did in the last weeks: ``by_week`` newest last; objections, and how many were found right."""

    team_id: int
    name: str
    place: str
    helped: int
    by_week: tuple[int, ...]
    objections: int
    not_asked: int


def tally_by_team(rights: Rights, *, now: datetime) -> list[TeamTally]:
    """Return what each team within the rights did in the last weeks, the most helpful first; three queries."""
    since = week_of(now) - timedelta(weeks=WEEKS - 1)
    rows = (
        _within(rights, since)
        .annotate(week=TruncWeek("filed_at"))
        .values_list("team", "week")
        .annotate(
            helped=Count("pk"),
            objections=Count("objection"),
            not_asked=Count("objection", filter=Q(objection__finding="not_asked")),
        )
    )
    helped: Counter[int] = Counter()
    objections: Counter[int] = Counter()
    not_asked: Counter[int] = Counter()
    weeks: dict[int, Counter[int]] = {}
    for team, week, count, said, right in rows:
        at = (timezone.localtime(week).date() - timezone.localtime(since).date()).days // 7
        helped[team] += count
        objections[team] += said
        not_asked[team] += right
        weeks.setdefault(team, Counter())[at] += count
    # A team that objections are about is never left out of a long list.
    chosen = sorted(helped, key=lambda team: (-objections[team], -helped[team], team))[:MOST_TEAMS]
    teams = {team.pk: team for team in Team.objects.filter(pk__in=chosen)}
    names = place_names({team.place_path for team in teams.values()})
    return [
        TeamTally(
            team_id=team,
            name=teams[team].name,
            place=names.get(teams[team].place_path, ""),
            helped=helped[team],
            by_week=tuple(weeks[team][at] for at in range(WEEKS)),
            objections=objections[team],
            not_asked=not_asked[team],
        )
        for team in sorted(chosen, key=lambda team: (-helped[team], team))
    ]


@dataclass(frozen=True, slots=True)
class Share:
    """How often, by one member or for one service."""

    label: str | Bilingual
    helped: int
    objections: int


@dataclass(frozen=True, slots=True)
class TeamDetail:
    """One team in the last weeks, by member and by service."""

    name: str
    members: tuple[Share, ...]
    services: tuple[Share, ...]


def tally_of_team(team_id: int, rights: Rights, *, now: datetime) -> TeamDetail | None:
    """Return one team's counts, or null if nothing of it is within the rights; four queries."""
    since = week_of(now) - timedelta(weeks=WEEKS - 1)
    rows = _within(rights, since).filter(team=team_id)
    by_member = sorted(_shares(rows, "account"), key=lambda share: (-share[1], share[0]))
    if not by_member:
        return None
    by_service = sorted(_shares(rows, "procedure_code"), key=lambda share: (-share[1], share[0]))
    names = account_names({int(account) for account, _, _ in by_member})
    return TeamDetail(
        name=Team.objects.get(pk=team_id).name,
        members=tuple(Share(names.get(int(account), ""), count, said) for account, count, said in by_member),
        services=tuple(Share(_title(code), count, said) for code, count, said in by_service),
    )


def _shares(rows: QuerySet[Assistance], column: str) -> list[tuple[str, int, int]]:
    counted = rows.values_list(column).annotate(helped=Count("pk"), said=Count("objection"))
    return [(str(each), helped, said) for each, helped, said in counted]


def _title(code: str) -> str | Bilingual:
    try:
        return procedure_in_force(code).content.manifest.title
    except NoSuchProcedure:
        return code


def _within(rights: Rights, since: datetime) -> QuerySet[Assistance]:
    return Assistance.objects.filter(
        rights.predicate("agency_path", "place_path", purpose=Purpose.OVERSEE), filed_at__gte=since
    )


def disputed(rights: Rights, *, is_open: bool = True) -> list[HelpView]:
    """Return help that people say they did not ask for, within an auditor's rights, the oldest first; two queries."""
    rows = (
        Assistance.objects.filter(
            rights.predicate("agency_path", "place_path", purpose=Purpose.AUDIT),
            objection__isnull=False,
            objection__settled_at__isnull=is_open,
        )
        .select_related("account", "team", "objection")
        .defer("signature_sealed")
        .order_by("objection__said_at" if is_open else "-objection__settled_at")[:MOST_OBJECTIONS]
    )
    found = list(rows)
    names = place_names({row.place_path for row in found})
    return [view_of(row, names.get(row.place_path, "")) for row in found]


@dataclass(frozen=True, slots=True)
class PublicCount:
    """How often one team helped in a year; null for those that are told together."""

    name: str
    place: str
    helped: int


@dataclass(frozen=True, slots=True)
class PublicCounts:
    """What everybody may read: teams from ten on, the others together where that tells of none of them."""

    teams: tuple[PublicCount, ...]
    others: int | None


def public_counts(*, now: datetime) -> PublicCounts:
    """Return how often each team helped in the last year, with nothing below ten; three queries."""
    since = now - timedelta(days=PUBLIC_DAYS)
    counted = dict(
        Assistance.objects.filter(filed_at__gte=since).values_list("team").annotate(helped=Count("pk"))
    )
    shown, others = disclosed(counted)
    teams = {team.pk: team for team in Team.objects.filter(pk__in=shown)}
    names = place_names({team.place_path for team in teams.values()})
    lines = [
        PublicCount(teams[pk].name, names.get(teams[pk].place_path, ""), helped)
        for pk, helped in shown.items()
    ]
    return PublicCounts(tuple(sorted(lines, key=lambda line: (-line.helped, line.place, line.name))), others)


def disclosed(counted: dict[int, int]) -> tuple[dict[int, int], int | None]:
    """Return the counts from ten on, and the sum of the others if it is ten and tells of no single one."""
    shown = {team: count for team, count in counted.items() if count >= LEAST_SHOWN}
    small = [count for team, count in counted.items() if team not in shown]
    total = sum(small)
    return shown, total if len(small) > 1 and total >= LEAST_SHOWN else None
