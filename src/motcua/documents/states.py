"""Where a result stands, and who signs it at which point."""

from django.db import models

from .signing.parts import Part


class Signatory(models.TextChoices):
    """Whose signature a key gives, in the order of signing."""

    SPECIALIST = "specialist", "Người lập"
    LEADER = "leader", "Người có thẩm quyền"
    AGENCY = "agency", "Cơ quan"

    @property
    def part(self) -> Part:
        """The field of the paper."""
        return Part[self.name]


class ResultState(models.TextChoices):
    """How far a result is; the last two are for good."""

    DRAFT = "draft", "Dự thảo"
    SIGNED = "signed", "Người lập đã ký"
    APPROVED = "approved", "Người có thẩm quyền đã ký"
    SEALED = "sealed", "Đã ban hành"
    ABANDONED = "abandoned", "Đã bỏ"


# From which state to which a signature leads.
STEPS = {
    Signatory.SPECIALIST: (ResultState.DRAFT, ResultState.SIGNED),
    Signatory.LEADER: (ResultState.SIGNED, ResultState.APPROVED),
    Signatory.AGENCY: (ResultState.APPROVED, ResultState.SEALED),
}
OPEN = (ResultState.DRAFT, ResultState.SIGNED, ResultState.APPROVED)


class ResultKind(models.TextChoices):
    """What a paper does: it answers a case, or it takes back a paper that did."""

    RESULT = "result", "Kết quả"
    NOTICE = "notice", "Quyết định thu hồi"


class Ground(models.TextChoices):
    """Why a paper in force is taken back; what happened stands beside it in words."""

    MISTAKE = "mistake", "Giấy có sai sót do cơ quan lập"
    UNTRUE = "untrue", "Giấy được cấp từ thông tin hoặc giấy tờ không đúng sự thật"
    NOT_LAWFUL = "not_lawful", "Giấy được cấp không đúng thẩm quyền, trình tự hoặc điều kiện"
    CHANGED = "changed", "Sự việc ghi trên giấy đã thay đổi"
    HIGHER = "higher", "Theo bản án, quyết định của tòa án hoặc cơ quan cấp trên"
    REQUESTED = "requested", "Theo đề nghị của người được cấp"


class ObjectionAnswer(models.TextChoices):
    """What a person answers to an objection: the withdrawal stands, or a paper is given again."""

    STANDS = "stands", "Giữ nguyên việc thu hồi"
    ISSUE_AGAIN = "issue_again", "Cấp lại giấy"
