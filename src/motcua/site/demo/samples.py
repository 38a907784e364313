"""The people whom a visitor of the demo can be: one for each way a travel pass can go."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from motcua.site.demo.areas import Area, Zones
from motcua.site.demo.firms import Firm, TaxCodes
from motcua.site.demo.households import Numbers

_CAPACITIES = {"employee": "người làm công", "owner": "chủ", "courier": "người giao hàng"}


@dataclass(frozen=True, slots=True)
class Job:
    """What the person writes in the form: workplace, its ward, and as what they work there."""

    tax_code: str
    work_place: str
    work_place_name: str
    capacity: str
    firm_name: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One person of the demo; ``expect`` is the reason code of the travel pass."""

    slug: str
    number: str
    name: str
    born_on: date
    sex: str
    place: str
    job: Job
    expect: str
    story_vi: str
    story_en: str
    registered: bool = True
    insured: tuple[tuple[str, str], ...] = (("active", ""),)
    firms: tuple[Firm, ...] = field(default=())

    @property
    def note(self) -> str:
        """What to fill in and what to expect, in both languages."""
        return (
            f"{self.story_vi} Khi xin giấy đi đường: {_CAPACITIES[self.job.capacity]}, mã số thuế"
            f" {self.job.tax_code} ({self.job.firm_name}), làm tại {self.job.work_place_name}."
            f" / {self.story_en} In the travel pass form: {self.job.capacity}, tax code {self.job.tax_code},"
            f" workplace in {self.job.work_place_name}."
        )

    def as_person(self) -> dict[str, str]:
        """Return the person as the stand-in for the national identity reads it."""
        return {
            "sub": f"demo-{self.slug}",
            "name": self.name,
            "number": self.number,
            "born_on": self.born_on.isoformat(),
            "sex": self.sex,
            "note": self.note,
        }

    def as_json(self) -> dict[str, object]:
        """Return the whole story, for ``motcua demo accounts`` and for tests."""
        return {
            **self.as_person(),
            "slug": self.slug,
            "place": self.place,
            "tax_code": self.job.tax_code,
            "work_place": self.job.work_place,
            "capacity": self.job.capacity,
            "expect": self.expect,
            "story_vi": self.story_vi,
            "story_en": self.story_en,
        }


def make_samples(zones: Zones, codes: TaxCodes, numbers: Numbers, today: date) -> list[Sample]:
    """Return the samples with the workplaces that their stories need."""
    return _Cast(zones, codes, numbers, today).everyone()


class _Cast:
    """Gives each story its person, place and workplace."""

    def __init__(self, zones: Zones, codes: TaxCodes, numbers: Numbers, today: date) -> None:
        self._codes, self._numbers, self._today = codes, numbers, today
        # The most populous places, where the history of the city happens as well.
        self._home, self._center, *_ = _populous(zones.green)
        self._yellow, self._red = _populous(zones.yellow)[0], _populous(zones.red)[0]
        self._not_judged = zones.not_judged
        self._names = {area.code: area.name for area in (*zones.green, *zones.yellow, *zones.red)}
        self._owner_of_stall = self._number("female", "1979-02-11")
        self._market = self._firm(
            "Siêu thị Sông Hàn Xanh", "food_supply", self._center, owner=self._owner_of_stall
        )
        code = self._market.tax_code
        self._owns = (
            f"Cũng là chủ siêu thị có mã số thuế {code}, nên nộp được cho nhiều người làm ở đó.",
            f"Also owns the supermarket with tax code {code}, and may file for many who work there.",
        )
        self._couriers = self._firm("Công ty Giao nhận Cầu Rồng", "logistics", self._center)

    def _firm(
        self,
        name: str,
        sector: str,
        area: Area,
        *,
        status: str = "active",
        kind: str = "enterprise",
        owner: str = "",
    ) -> Firm:
        return Firm(self._codes.take(), name, kind, sector, area.code, owner, status, 1)

    def _number(self, sex: str, born: str) -> str:
        return self._numbers.take_for_sample(province="048", sex=sex, year=int(born[:4]))

    def _sample(
        self,
        slug: str,
        who: tuple[str, str, str],
        *,
        home: Area,
        firm: Firm,
        expect: str,
        story: tuple[str, str],
        capacity: str = "employee",
        number: str = "",
        firms: tuple[Firm, ...] = (),
        insured: tuple[tuple[str, str], ...] = (("active", ""),),
        registered: bool = True,
    ) -> Sample:
        name, sex, born = who
        return Sample(
            slug=slug,
            number=number or self._number(sex, born),
            name=name,
            born_on=date.fromisoformat(born),
            sex=sex,
            place=home.code,
            job=Job(firm.tax_code, firm.place, self._names[firm.place], capacity, firm.name),
            expect=expect,
            story_vi=story[0],
            story_en=story[1],
            registered=registered,
            insured=insured,
            firms=firms,
        )

    def everyone(self) -> list[Sample]:
        """Return all samples in the order in which a visitor meets them."""
        return [*self._granted(), *self._refused(), *self._refused_at_work_or_home(), *self._referred()]

    def _granted(self) -> list[Sample]:
        owner = self._owner_of_stall
        stall = self._firm(
            "Hộ kinh doanh Thực phẩm Bà Sáu", "food_supply", self._home, kind="household", owner=owner
        )
        clinic = self._firm("Trung tâm Y tế Hải Vân", "health", self._red)
        return [
            self._sample(
                "nhan-vien-sieu-thi",
                ("Nguyễn Thị Thu Hà", "female", "1991-04-18"),
                home=self._home,
                firm=self._market,
                firms=(self._market,),
                expect="essential_work",
                story=(
                    "Nhân viên siêu thị, có bảo hiểm, ở và làm đều vùng xanh: được cấp ngay.",
                    "Works in a supermarket, insured, home and work in green zones: granted at once.",
                ),
            ),
            self._sample(
                "chu-ho-kinh-doanh",
                ("Trần Thị Sáu", "female", "1979-02-11"),
                home=self._home,
                firm=stall,
                firms=(stall,),
                number=owner,
                capacity="owner",
                insured=(),
                expect="essential_work",
                story=(
                    f"Chủ hộ kinh doanh thực phẩm, không cần bảo hiểm: được cấp. {self._owns[0]}",
                    f"Owns a food stall, needs no insurance: granted. {self._owns[1]}",
                ),
            ),
            self._sample(
                "y-ta-vung-do",
                ("Lê Quang Minh", "male", "1988-09-30"),
                home=self._red,
                firm=clinic,
                firms=(clinic,),
                expect="on_duty",
                story=(
                    "Nhân viên y tế ở và làm trong vùng đỏ: vẫn được cấp.",
                    "Health worker who lives and works in a red zone: granted all the same.",
                ),
            ),
            self._sample(
                "nguoi-giao-hang",
                ("Phạm Tấn Đạt", "male", "1998-12-05"),
                home=self._yellow,
                firm=self._couriers,
                firms=(self._couriers,),
                capacity="courier",
                expect="essential_work",
                story=(
                    "Người giao hàng sống ở vùng vàng: được cấp, thời hạn ngắn hơn.",
                    "Courier who lives in a yellow zone: granted for a shorter time.",
                ),
            ),
        ]

    def _refused(self) -> list[Sample]:
        closed = self._firm("Công ty TNHH Nông sản Thu Bồn", "food_supply", self._center, status="closed")
        spa = self._firm("Công ty TNHH Chăm sóc sắc đẹp Mỹ Khê", "personal_services", self._center)
        ended = (self._today - timedelta(days=45)).isoformat()
        return [
            self._sample(
                "o-vung-do",
                ("Võ Văn Thành", "male", "1985-06-21"),
                home=self._red,
                firm=self._market,
                expect="home_in_red_zone",
                story=(
                    "Làm ngành thiết yếu nhưng ở vùng đỏ: chưa cấp; khi vùng đổi màu thì được.",
                    "Essential work, but lives in a red zone: refused until the zone changes color.",
                ),
            ),
            self._sample(
                "het-bao-hiem",
                ("Huỳnh Thị Kim Loan", "female", "1993-01-09"),
                home=self._home,
                firm=self._market,
                insured=(("stopped", ended),),
                expect="not_insured_there",
                story=(
                    "Bảo hiểm tại nơi làm việc đã dừng tháng trước: chưa cấp; có thể gửi ý kiến kèm hợp đồng.",
                    "Insurance at the workplace ended last month: refused; can object with the contract.",
                ),
            ),
            self._sample(
                "cong-ty-dong-cua",
                ("Đặng Hữu Phước", "male", "1976-11-02"),
                home=self._home,
                firm=closed,
                firms=(closed,),
                expect="employer_not_active",
                story=(
                    "Nơi làm việc đã đóng cửa theo đăng ký kinh doanh: chưa cấp.",
                    "The workplace is closed in the business register: refused.",
                ),
            ),
            self._sample(
                "nganh-khong-thiet-yeu",
                ("Bùi Ngọc Trâm", "female", "1996-08-14"),
                home=self._home,
                firm=spa,
                firms=(spa,),
                expect="sector_not_essential",
                story=(
                    "Làm ở tiệm chăm sóc sắc đẹp, ngành chưa được hoạt động: chưa cấp.",
                    "Works in a beauty parlor, a sector that may not operate: refused.",
                ),
            ),
        ]

    def _refused_at_work_or_home(self) -> list[Sample]:
        plant = self._firm("Công ty CP Nông sản Hòa Khương", "food_supply", self._red)
        anothers = self._firm(
            "Hộ kinh doanh Gạo Cô Tư", "food_supply", self._home, kind="household", owner=self._owner_of_stall
        )
        return [
            self._sample(
                "lam-o-vung-do",
                ("Lê Văn Tài", "male", "1982-12-17"),
                home=self._home,
                firm=plant,
                firms=(plant,),
                expect="work_in_red_zone",
                story=(
                    "Nơi làm việc nằm trong vùng đỏ: chưa cấp.",
                    "The workplace lies in a red zone: refused.",
                ),
            ),
            self._sample(
                "khong-phai-chu",
                ("Dương Thị Lan", "female", "1980-09-01"),
                home=self._home,
                firm=anothers,
                firms=(anothers,),
                capacity="owner",
                insured=(),
                expect="not_the_owner",
                story=(
                    "Ghi mình là chủ nhưng đăng ký kinh doanh ghi người khác: chưa cấp.",
                    "Claims to own a stall that the register gives to someone else: refused.",
                ),
            ),
            self._sample(
                "chua-dang-ky-cu-tru",
                ("Hoàng Gia Bảo", "male", "2001-03-27"),
                home=self._home,
                firm=self._market,
                registered=False,
                expect="not_registered_here",
                story=(
                    "Không có trong dữ liệu dân cư: chưa cấp; khai báo tạm trú hoặc gửi ý kiến.",
                    "Not in the population register: refused; can register the stay or object.",
                ),
            ),
        ]

    def _referred(self) -> list[Sample]:
        unsaid = self._firm("Công ty CP Kho vận Tiên Sa", "logistics", self._center, status="")
        return [
            self._sample(
                "bao-hiem-bo-trong",
                ("Phan Thanh Hương", "female", "1990-07-07"),
                home=self._home,
                firm=self._market,
                insured=(("", ""),),
                expect="work_link_unknown",
                story=(
                    "Dữ liệu bảo hiểm bỏ trống tình trạng: hồ sơ chờ cán bộ xét.",
                    "The insurance register leaves the status empty: the case waits for an officer.",
                ),
            ),
            self._sample(
                "bao-hiem-trai-nguoc",
                ("Ngô Minh Khang", "male", "1995-10-19"),
                home=self._home,
                firm=self._couriers,
                insured=(("active", ""), ("stopped", "")),
                expect="work_link_unknown",
                story=(
                    "Hai ghi nhận bảo hiểm trái ngược nhau: hồ sơ chờ cán bộ xét.",
                    "Two insurance records contradict each other: the case waits for an officer.",
                ),
            ),
            self._sample(
                "noi-o-chua-xep-mau",
                ("Trương Thị Mỹ Dung", "female", "1983-05-25"),
                home=self._not_judged,
                firm=self._market,
                expect="home_zone_unknown",
                story=(
                    "Nơi ở hôm nay chưa được xếp màu vùng: hồ sơ chờ cán bộ xét.",
                    "The zone of the home is not judged today: the case waits for an officer.",
                ),
            ),
            self._sample(
                "cong-ty-chua-ro",
                ("Đỗ Quốc Huy", "male", "1987-02-28"),
                home=self._yellow,
                firm=unsaid,
                firms=(unsaid,),
                expect="employer_unknown",
                story=(
                    "Đăng ký kinh doanh không ghi tình trạng nơi làm việc: hồ sơ chờ cán bộ xét.",
                    "The business register does not say whether the workplace operates: waits for an officer.",
                ),
            ),
        ]


def _populous(areas: list[Area]) -> list[Area]:
    return sorted(areas, key=lambda area: (-area.weight, area.code))
