"""Where a result stands, and who signs it at which point."""

from django.db import models

from .signing.fields import Part


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
