"""Vietnamese names, by sex, generation and region, in proportions near those of central Viet Nam."""

from itertools import accumulate
from random import Random

# The four most common surnames are borne by more than half of the population.
_SURNAMES = (
    "Nguyễn:330 Trần:110 Lê:95 Phạm:58 Huỳnh:50 Võ:48 Phan:42 Trương:28 Đặng:24 Bùi:22 Hồ:20 Đỗ:18 Ngô:18"
    " Dương:14 Đinh:13 Hoàng:12 Đoàn:11 Mai:11 Lương:8 Thái:7 Lý:6 Cao:6 Châu:5 Tô:5 Đào:5 Trịnh:5 Hà:5"
    " Phùng:4 Lâm:4 Văn:4 Kiều:3 Ông:3 Hứa:2 Tạ:2 Quách:2 Doãn:2 Tán:1 Mạc:1 Ung:1"
)
_MOUNTAIN_SURNAMES = (
    "Alăng:20 Bhnướch:9 Zơrâm:12 Pơloong:10 Ating:9 Coor:8 Briu:8 Hôih:7 Bling:7 Hồ:10 Nguyễn:8"
)
_MALE_MIDDLE_OLD = "Văn:46 Hữu:10 Đức:8 Công:7 Ngọc:6 Quang:6 Thanh:6 Xuân:5 Đình:4 Minh:3 Tấn:3 Bá:2"
_MALE_MIDDLE_YOUNG = "Minh:15 Gia:14 Quốc:11 Hoàng:9 Anh:8 Đức:8 Văn:8 Thanh:6 Nhật:6 Tuấn:5 Bảo:5 Khánh:4"
_FEMALE_MIDDLE_OLD = "Thị:80 Thị Thanh:5 Thị Thu:5 Thị Kim:4 Ngọc:3 Thị Mỹ:3"
_FEMALE_MIDDLE_YOUNG = (
    "Thị:20 Ngọc:14 Bảo:11 Thị Thu:8 Khánh:9 Phương:8 Thanh:7 Minh:6 Hoài:5 Diệu:5 Quỳnh:5 Gia:4"
)
_MALE_OLD = (
    "Hùng:9 Dũng:9 Thành:7 Hòa:6 Bình:6 Tâm:6 Sơn:6 Hải:6 Minh:5 Phúc:5 Lợi:4 Tuấn:5 Long:4 Cường:5 Quang:4"
    " Lộc:3 Nam:4 Vinh:4 Tài:3 Trung:4 Thắng:4 Hiệp:3 An:3 Đông:2 Thọ:2 Bảy:2 Ba:2"
)
_MALE_YOUNG = (
    "Huy:8 Khang:7 Bảo:7 Minh:7 Khoa:6 Phát:5 Đạt:6 Phong:5 Quân:5 Kiệt:5 Nguyên:5 Khôi:5 Thịnh:4 Phú:3"
    " Hoàng:4 Nhân:3 Long:4 Tùng:3 Duy:4 Hưng:3 Trí:3 Vũ:3"
)
_FEMALE_OLD = (
    "Hoa:8 Lan:8 Hương:7 Hồng:7 Thu:6 Mai:6 Nga:5 Hạnh:6 Phượng:5 Liên:5 Tuyết:4 Loan:4 Hà:5 Thủy:5 Vân:4"
    " Dung:4 Cúc:3 Xuân:3 Thảo:4 Yến:3 Bích:3 Sáu:2 Bốn:2"
)
_FEMALE_YOUNG = (
    "Linh:7 Trâm:6 Ngân:6 Anh:7 Nhi:7 Thảo:5 Vy:7 Trang:6 My:5 Uyên:5 Hân:5 Ngọc:5 Châu:4 Thư:5 Như:4 Quyên:3"
    " Giang:3 Tiên:3 Trúc:3 Khuê:2"
)


class Pool:
    """Words drawn by weight."""

    def __init__(self, weighted: str) -> None:
        pairs = [part.rsplit(":", 1) for part in _parts(weighted)]
        self.words = [word for word, _ in pairs]
        self._cumulative = list(accumulate(int(weight) for _, weight in pairs))

    def draw(self, random: Random) -> str:
        """Return one word."""
        return random.choices(self.words, cum_weights=self._cumulative)[0]


def _parts(weighted: str) -> list[str]:
    """Split at spaces that follow a weight, because a middle name may have two words."""
    parts: list[str] = []
    for piece in weighted.split(" "):
        if parts and not parts[-1][-1].isdigit():
            parts[-1] += f" {piece}"
        else:
            parts.append(piece)
    return parts


SURNAMES, MOUNTAIN_SURNAMES = Pool(_SURNAMES), Pool(_MOUNTAIN_SURNAMES)
_MIDDLE = {
    ("male", False): Pool(_MALE_MIDDLE_OLD),
    ("male", True): Pool(_MALE_MIDDLE_YOUNG),
    ("female", False): Pool(_FEMALE_MIDDLE_OLD),
    ("female", True): Pool(_FEMALE_MIDDLE_YOUNG),
}
_GIVEN = {
    ("male", False): Pool(_MALE_OLD),
    ("male", True): Pool(_MALE_YOUNG),
    ("female", False): Pool(_FEMALE_OLD),
    ("female", True): Pool(_FEMALE_YOUNG),
}


def person_name(random: Random, *, surname: str, sex: str, birth_year: int) -> str:
    """Return surname, middle name and given name of someone born in that year."""
    generation = (sex, birth_year >= 1995)
    return f"{surname} {_MIDDLE[generation].draw(random)} {_GIVEN[generation].draw(random)}"
