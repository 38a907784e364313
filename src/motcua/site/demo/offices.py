"""The agencies of the demo: the city, the offices that own a register or a service, every ward and commune."""

from datetime import date, datetime

from motcua.agencies.queries import AgencyNotKnown, agency, places_now
from motcua.agencies.services import add_post, add_team, register_agency
from motcua.agencies.states import AgencyKind

CITY = "dn"
CITY_PLACE = "vn.p48"
SERVICE_OFFICE = "so_ttt"
LAND_OFFICE = "vpdkdd"
TAX_OFFICE = "thue"
CHECKPOINTS = "kiem_soat"
SERVICE_CENTRE = "ttpvhcc"
CHILDRENS_HOUSE = "nha_thieu_nhi"

# code, name, English name, kind; all below the city and for the whole of it.
_OFFICES = (
    (
        SERVICE_OFFICE,
        "Sở Khoa học và Công nghệ (trước đây là Sở Thông tin và Truyền thông)",
        "Department of Science and Technology (formerly Information and Communications)",
        AgencyKind.DEPARTMENT,
    ),
    ("so_y_te", "Sở Y tế", "Department of Health", AgencyKind.DEPARTMENT),
    ("so_tai_chinh", "Sở Tài chính", "Department of Finance", AgencyKind.DEPARTMENT),
    ("cong_an", "Công an thành phố", "City Police", AgencyKind.DEPARTMENT),
    ("bhxh", "Bảo hiểm xã hội thành phố", "City Social Insurance", AgencyKind.DEPARTMENT),
    (
        SERVICE_CENTRE,
        "Trung tâm Phục vụ hành chính công thành phố",
        "City Public Administration Service Center",
        AgencyKind.SERVICE_CENTRE,
    ),
    (
        LAND_OFFICE,
        "Văn phòng Đăng ký đất đai thành phố",
        "City Land Registration Office",
        AgencyKind.DEPARTMENT,
    ),
    ("so_xay_dung", "Sở Xây dựng", "Department of Construction", AgencyKind.DEPARTMENT),
    (
        "so_nnmt",
        "Sở Nông nghiệp và Môi trường",
        "Department of Agriculture and Environment",
        AgencyKind.DEPARTMENT,
    ),
    (TAX_OFFICE, "Thuế thành phố", "City Tax Office", AgencyKind.DEPARTMENT),
    (CHILDRENS_HOUSE, "Nhà Thiếu nhi thành phố", "City Children's House", AgencyKind.PUBLIC_UNIT),
    (CHECKPOINTS, "Lực lượng kiểm soát tại các chốt", "Checkpoint force", AgencyKind.INSPECTION),
)
_POSTS = (
    ("Chuyên viên", "Specialist"),
    ("Phó Giám đốc", "Deputy director"),
    ("Cán bộ một cửa", "One-stop officer"),
)
TEAMS = (
    ("chot_hoa_phuoc", "Chốt Hòa Phước"),
    ("chot_hai_van", "Chốt Hầm Hải Vân"),
    ("chot_dai_hiep", "Chốt Đại Hiệp"),
)


def open_offices(*, on: date, now: datetime) -> int:
    """Register every agency that is not there yet and return how many were new."""
    opened = _open(
        CITY, "Ủy ban nhân dân thành phố Đà Nẵng", "Da Nang City People's Committee", AgencyKind.CITY, now=now
    )
    for code, name, name_en, kind in _OFFICES:
        opened += _open(code, name, name_en, kind, now=now)
    for place in places_now(on, within=CITY_PLACE):
        opened += _open(
            f"ubnd_{place.code}",
            f"Ủy ban nhân dân {place.name[0].lower()}{place.name[1:]}",
            f"People's Committee of {place.short_name}",
            AgencyKind.COMMUNE,
            place_path=place.path,
            now=now,
        )
    for title, title_en in _POSTS:
        add_post(agency=SERVICE_OFFICE, title=title, title_en=title_en)
    for code, name in TEAMS:
        add_team(agency=CHECKPOINTS, code=code, name=name, place_path=CITY_PLACE)
    return opened


def _open(
    code: str, name: str, name_en: str, kind: AgencyKind, *, now: datetime, place_path: str = CITY_PLACE
) -> int:
    try:
        agency(code)
    except AgencyNotKnown:
        register_agency(
            code=code,
            name=name,
            name_en=name_en,
            kind=kind,
            parent=None if code == CITY else CITY,
            place_path=place_path,
            now=now,
        )
        return 1
    return 0
