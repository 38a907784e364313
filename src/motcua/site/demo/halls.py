"""Halls of the demo: the service center and the two wards in which most sample people live."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from motcua.agencies.queries import place_of_path
from motcua.appointments.models import Hall
from motcua.appointments.openings import OwnHours, Plan
from motcua.appointments.services import open_hall, set_counter, set_hours, set_plan
from motcua.appointments.services.planning import GroupOffered
from motcua.appointments.states import HoursKind
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import Role
from motcua.procedures.queries import search_services
from motcua.site.demo.offices import CITY, CITY_PLACE, SERVICE_CENTRE

CIVIL, BUSINESS, LAND, RESULTS = "hotich", "kinhdoanh", "datdai", "traketqua"
# Words in the codes of services by which a group takes them; what fits nowhere goes to the first group.
_TAKES = {BUSINESS: ("business", "household"), LAND: ("land", "construction", "house")}
_GROUPS = (
    (CIVIL, "Hộ tịch, chứng thực, xã hội", "Civil status, certification, social support"),
    (BUSINESS, "Đăng ký kinh doanh", "Business registration"),
    (LAND, "Đất đai, xây dựng", "Land and construction"),
    (RESULTS, "Nhận kết quả", "Collecting results"),
)
_CENTRE_COUNTERS = ((1, (CIVIL, RESULTS)), (2, (CIVIL,)), (3, (BUSINESS, RESULTS)), (4, (LAND,)))
_WARD_COUNTERS = ((1, (CIVIL, RESULTS)), (2, (CIVIL, BUSINESS, LAND)))
SHOWN_DAYS = 30


def open_halls(places: dict[str, str], *, now: datetime) -> None:
    """Open the halls that are not there yet, with counters and plans; repeatable.

    ``places`` are the paths of the two wards by ``first`` and ``second``.
    """
    today = timezone.localtime(now).date()
    wards = [place_of_path(places[name], today) for name in ("first", "second")]
    halls = [
        (SERVICE_CENTRE, "24 Trần Phú, phường Hải Châu", (Decimal("16.0748"), Decimal("108.2240")), 6),
        *(
            (
                f"ubnd_{ward.code}",
                f"Trụ sở Ủy ban nhân dân {ward.name[0].lower()}{ward.name[1:]}",
                (ward.latitude, ward.longitude) if ward.latitude and ward.longitude else None,
                2,
            )
            for ward in wards
        ),
    ]
    rights = Rights(None, (Grant(Role.LEADER, CITY, CITY_PLACE),))
    for code, address, position, capacity in halls:
        if Hall.objects.filter(code=code).exists():
            continue
        open_hall(
            agency_code=code,
            address=address,
            position=position,
            groups=_groups(),
            most_open=2,
            days_ahead=21,
            tickets_per_day=600 if code == SERVICE_CENTRE else 150,
            now=now,
        )
        for number, groups in _CENTRE_COUNTERS if code == SERVICE_CENTRE else _WARD_COUNTERS:
            set_counter(hall_code=code, number=number, groups=groups)
        for group, _, _ in _GROUPS:
            plan = Plan(today, None, 30, capacity if group == CIVIL else max(1, capacity // 2))
            set_plan(hall_code=code, group_code=group, plan=plan, rights=rights, now=now)
        # A demonstration is looked at on any day and at any hour: numbers are given, appointments keep office hours.
        always = OwnHours(
            HoursKind.WALK_IN, today, today + timedelta(days=SHOWN_DAYS), time.min, time(23, 59, 59)
        )
        set_hours(
            hall_code=code,
            hours=always,
            reason="Trang trình diễn: lấy số được mọi giờ",
            rights=rights,
            now=now,
        )


def _groups() -> tuple[GroupOffered, ...]:
    codes = [service.code for service in search_services()]
    taken = {
        group: tuple(code for code in codes if any(word in code for word in words))
        for group, words in _TAKES.items()
    }
    named = {code for each in taken.values() for code in each}
    first = tuple(code for code in codes if code not in named)
    return tuple(
        GroupOffered(code, vi, en, first if code == CIVIL else taken.get(code, ()))
        for code, vi, en in _GROUPS
    )
