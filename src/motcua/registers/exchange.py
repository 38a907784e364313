"""What is sent to another agency's register and what comes back; docs/reference/registers.md describes it."""

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from motcua.registers.readings import MOST_RECORDS


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AskedReading(_Strict):
    """One reading as it is sent."""

    id: str
    match: dict[str, str]
    columns: tuple[str, ...]


class Inquiry(_Strict):
    """What is sent."""

    purpose: str
    readings: tuple[AskedReading, ...]


class AnsweredReading(_Strict):
    """The records of one reading as they come back, cells in the order of the columns."""

    id: str
    records: list[list[str | None]] = Field(max_length=MOST_RECORDS + 1)


class Reply(_Strict):
    """What comes back."""

    as_of: AwareDatetime
    readings: list[AnsweredReading]
