"""The figures that every service has, defined in the same words as those of a pack."""

from motcua.procedures.content import Bilingual, IndicatorDefinition

CASES = Bilingual(vi="hồ sơ", en="cases")


def _count(code: str, where: str, label: tuple[str, str], method: tuple[str, str]) -> IndicatorDefinition:
    return IndicatorDefinition(
        code=code,
        label=Bilingual(vi=label[0], en=label[1]),
        unit=CASES,
        where=where,
        method=Bilingual(vi=method[0], en=method[1]),
    )


STANDARD: tuple[IndicatorDefinition, ...] = (
    _count("requests", "true", ("Đề nghị", "Requests"), ("Mọi hồ sơ đã nộp.", "Every case filed.")),
    _count(
        "granted",
        'phase = "granted"',
        ("Đã cấp", "Granted"),
        (
            "Hồ sơ đang ở trạng thái đã cấp; giấy đã thu hồi không tính.",
            "Cases that stand granted; what was revoked does not count.",
        ),
    ),
    _count(
        "held_back",
        'phase = "refused"',
        ("Chưa cấp", "Held back"),
        ("Hồ sơ đang ở trạng thái chưa cấp.", "Cases that stand refused."),
    ),
    IndicatorDefinition(
        code="hold_back_share",
        label=Bilingual(vi="Tỷ lệ chưa cấp", en="Share held back"),
        unit=Bilingual(vi="%", en="%"),
        formula="if requests = 0 then null else 100 * held back / requests",
        method=Bilingual(
            vi="Chưa cấp chia cho đề nghị; chưa có đề nghị nào thì chưa tính được.",
            en="Held back divided by requests; without requests there is no share.",
        ),
    ),
    _count(
        "waiting_for_person",
        'phase = "person"',
        ("Chờ cán bộ", "Waiting for an officer"),
        (
            "Hồ sơ cần một cán bộ xem, gồm cả hồ sơ có ý kiến.",
            "Cases that need an officer, objections included.",
        ),
    ),
    _count(
        "waiting_for_register",
        'phase = "silent_register"',
        ("Chờ nguồn dữ liệu", "Waiting for a register"),
        ("Hồ sơ chờ một nguồn dữ liệu trả lời.", "Cases that wait for a register to answer."),
    ),
    _count(
        "overdue",
        "overdue",
        ("Quá hạn", "Overdue"),
        (
            "Hồ sơ chưa có kết quả mà đã qua hạn, tính theo giờ làm việc.",
            "Cases without an answer whose deadline, in working hours, has passed.",
        ),
    ),
    IndicatorDefinition(
        code="rated_share",
        label=Bilingual(vi="Tỷ lệ hồ sơ được đánh giá", en="Share of cases rated"),
        unit=Bilingual(vi="%", en="%"),
        formula="if rated cases = null or ended cases = 0 then null else 100 * rated cases / ended cases",
        method=Bilingual(
            vi="Hồ sơ được người nộp đánh giá chia cho hồ sơ đã kết thúc, của 12 tháng qua và toàn phạm vi bạn theo "
            "dõi; chỉ tính dịch vụ có từ 10 đánh giá.",
            en="Cases rated by their applicants divided by cases ended, in the last 12 months and all that you "
            "oversee; of services with 10 ratings or more.",
        ),
    ),
    IndicatorDefinition(
        code="satisfied_share",
        label=Bilingual(vi="Tỷ lệ hài lòng", en="Share satisfied"),
        unit=Bilingual(vi="%", en="%"),
        formula="if rated cases = null then null else 100 * satisfied cases / rated cases",
        method=Bilingual(
            vi="Hồ sơ được đánh giá hài lòng hoặc rất hài lòng chia cho hồ sơ được đánh giá (Quyết định 766/QĐ-TTg, "
            "nhóm mức độ hài lòng); chỉ tính dịch vụ có từ 10 đánh giá.",
            en="Cases rated satisfied or very satisfied divided by cases rated (Decision 766/QĐ-TTg, group of "
            "satisfaction); of services with 10 ratings or more.",
        ),
    ),
)


def completed(definitions: tuple[IndicatorDefinition, ...]) -> tuple[IndicatorDefinition, ...]:
    """Return a pack's definitions after the standard ones; where both define a code, the pack's stands."""
    own = {definition.code: definition for definition in definitions}
    standard = tuple(own.pop(each.code, each) for each in STANDARD)
    return (*standard, *own.values())
