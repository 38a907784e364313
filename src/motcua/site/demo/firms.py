"""Firms, household businesses and public bodies of the demo city, with valid tax codes."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from motcua.registers.cells import tax_code_is_valid
from motcua.site.demo.areas import Area

_SECTORS: dict[str, tuple[int, tuple[str, ...]]] = {
    "public_duty": (4, ("Công an phường", "Trung tâm Kiểm soát bệnh tật", "Đội Trật tự đô thị")),
    "health": (5, ("Bệnh viện Đa khoa", "Phòng khám", "Nhà thuốc", "Trạm Y tế")),
    "food_supply": (11, ("Công ty TNHH Thực phẩm", "Siêu thị", "Công ty CP Nông sản", "Chợ đầu mối")),
    "utilities": (2, ("Điện lực", "Công ty CP Cấp nước", "Công ty Môi trường đô thị")),
    "banking": (3, ("Ngân hàng chi nhánh", "Quỹ Tín dụng nhân dân")),
    "press": (1, ("Báo", "Đài Truyền thanh")),
    "logistics": (7, ("Công ty TNHH Giao nhận", "Công ty CP Kho vận", "Công ty Chuyển phát nhanh")),
    "fuel": (2, ("Cửa hàng Xăng dầu", "Công ty CP Khí đốt")),
    "telecom": (2, ("Viễn thông", "Công ty CP Hạ tầng số")),
    "transport": (5, ("Công ty CP Vận tải", "Hợp tác xã Vận tải")),
    "agriculture": (4, ("Hợp tác xã Nông nghiệp", "Công ty TNHH Thủy sản")),
    "manufacturing": (16, ("Công ty CP Dệt may", "Công ty TNHH Cơ khí", "Công ty TNHH Điện tử")),
    "construction": (9, ("Công ty CP Xây dựng", "Công ty TNHH Vật liệu")),
    "retail": (9, ("Công ty TNHH Thời trang", "Công ty CP Điện máy")),
    "tourism": (10, ("Khách sạn", "Công ty Du lịch", "Công ty CP Nghỉ dưỡng")),
    "entertainment": (3, ("Rạp chiếu phim", "Công ty TNHH Giải trí")),
    "education": (5, ("Trường Mầm non tư thục", "Trung tâm Ngoại ngữ")),
    "personal_services": (3, ("Công ty TNHH Chăm sóc sắc đẹp", "Công ty TNHH Giặt ủi")),
}
_HOUSEHOLD: dict[str, tuple[int, tuple[str, ...]]] = {
    "food_supply": (42, ("Tạp hóa", "Thực phẩm sạch", "Cửa hàng Gạo", "Hàng rau")),
    "retail": (22, ("Cửa hàng Quần áo", "Cửa hàng Điện thoại")),
    "tourism": (9, ("Nhà nghỉ", "Quán Mì Quảng")),
    "personal_services": (14, ("Tiệm Cắt tóc", "Tiệm Sửa xe")),
    "health": (3, ("Quầy thuốc",)),
    "logistics": (5, ("Xe tải chở hàng",)),
    "construction": (5, ("Tổ thợ hồ",)),
}
_OWN_NAMES = (
    "An Phú", "Hòa Phát Đạt", "Sông Hàn", "Bình Minh", "Đại Lộc Phát", "Thái Bình Dương", "Hải Vân Xanh",
    "Ngũ Hành", "Tiên Sa", "Mỹ Khê", "Phước Thịnh", "Nam Ô", "Trường Giang", "Thu Bồn",
    "Cẩm Hà", "Tân Thịnh", "Minh Đức", "Đông Á Châu", "Quảng Lợi", "Phú Lộc", "Hương Quê",
    "Việt Tín", "Toàn Cầu", "Nhật Quang", "Thành Công", "Vạn Xuân",
)  # fmt: skip
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


@dataclass(slots=True)
class Firm:
    """A row of the register of businesses; empty text is an unknown."""

    tax_code: str
    name: str
    kind: str
    sector: str
    place: str
    owner: str
    status: str
    size: int


class TaxCodes:
    """Gives tax codes that pass the check, none twice."""

    def __init__(self, first: int, *, prefix: str = "04") -> None:
        """Begin at a number of seven digits; each code takes it some three further."""
        self._next = first
        self._prefix = prefix

    def take(self) -> str:
        """Return the next code; about one number in eleven has no check digit and is left out."""
        while True:
            body = f"{self._prefix}{self._next:07d}"
            self._next += 3
            digit = 10 - sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True)) % 11
            if digit < 10:
                code = f"{body}{digit}"
                assert tax_code_is_valid(code)
                return code


def make_firms(random: Random, areas: list[Area], people: int, codes: TaxCodes) -> list[Firm]:
    """Return firms and public bodies for that many people, a few large ones and many small."""
    sectors = list(_SECTORS)
    cumulative = list(accumulate(weight for weight, _ in _SECTORS.values()))
    by_weight = list(accumulate(area.weight for area in areas))
    firms = []
    for number in range(max(80, people // 70)):
        # Every sector has one before chance decides.
        sector = (
            sectors[number] if number < len(sectors) else random.choices(sectors, cum_weights=cumulative)[0]
        )
        area = random.choices(areas, cum_weights=by_weight)[0]
        own = (
            area.short_name if sector == "public_duty" or random.random() < 0.4 else random.choice(_OWN_NAMES)
        )
        firms.append(
            Firm(
                tax_code=codes.take(),
                name=f"{random.choice(_SECTORS[sector][1])} {own}",
                kind="public_body" if sector == "public_duty" else "enterprise",
                # One in about seventy was registered without a sector.
                sector="" if number % 71 == 40 else sector,
                place=area.code,
                owner="",
                status=_status(random, sector),
                size=min(2000, int(random.paretovariate(1.1) * 4)),
            )
        )
    return firms


def household_business(random: Random, *, owner: str, owner_name: str, place: str, code: str) -> Firm:
    """Return the household business of a person."""
    sectors = list(_HOUSEHOLD)
    cumulative = list(accumulate(weight for weight, _ in _HOUSEHOLD.values()))
    sector = random.choices(sectors, cum_weights=cumulative)[0]
    return Firm(
        tax_code=code,
        name=f"Hộ kinh doanh {random.choice(_HOUSEHOLD[sector][1])} {owner_name.rsplit(' ', 1)[-1]}",
        kind="household",
        sector=sector,
        place=place,
        owner=owner,
        status=_status(random, sector),
        size=1,
    )


def _status(random: Random, sector: str) -> str:
    """Return the status; empty where the register does not say."""
    if sector == "public_duty":
        return "active"
    chance = random.random()
    return "active" if chance < 0.88 else "suspended" if chance < 0.94 else "closed" if chance < 0.99 else ""
