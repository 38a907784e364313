"""A hall as its office writes it down: address, rules, groups of services and counters, in one YAML file."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import yaml
from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from motcua.appointments.models import Hall
from motcua.appointments.services.planning import GroupOffered, open_hall, set_counter


class HallRefused(ValueError):
    """The file describes no hall; the sentence names the place in it."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Group(_Strict):
    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    vi: str = Field(min_length=1, max_length=120)
    en: str = Field(min_length=1, max_length=120)
    services: tuple[str, ...] = ()


class _Counter(_Strict):
    number: int = Field(ge=1, le=999)
    groups: tuple[str, ...] = Field(min_length=1)


class HallFile(_Strict):
    """What the file may say; numbers per day may be left out, then there is no limit."""

    agency: str
    address: str = Field(min_length=1, max_length=200)
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    most_open: int = Field(default=2, ge=1, le=20)
    days_ahead: int = Field(default=21, ge=1, le=180)
    tickets_per_day: int | None = Field(default=None, ge=1)
    groups: tuple[_Group, ...] = Field(min_length=1)
    counters: tuple[_Counter, ...] = ()

    @model_validator(mode="after")
    def _counters_know_their_groups(self) -> "HallFile":
        known = {group.code for group in self.groups}
        for counter in self.counters:
            if unknown := sorted(set(counter.groups) - known):
                raise ValueError(f"counter {counter.number} names the group {unknown[0]}, which is not there")
        return self


def read_hall(path: Path) -> HallFile:
    """Read the file; raises ``HallRefused``."""
    try:
        return HallFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, each['loc'])) or 'file'}: {each['msg']}" for each in error.errors()
        )
        raise HallRefused(f"{path.name}: {faults}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise HallRefused(f"{path.name}: {fault}") from fault


@transaction.atomic
def set_up(wanted: HallFile, *, now: datetime) -> Hall:
    """Open the hall with its counters, or change it; raises ``AgencyNotKnown``."""
    known = wanted.latitude is not None and wanted.longitude is not None
    hall = open_hall(
        agency_code=wanted.agency,
        address=wanted.address,
        position=(wanted.latitude or Decimal(0), wanted.longitude or Decimal(0)) if known else None,
        groups=tuple(GroupOffered(each.code, each.vi, each.en, each.services) for each in wanted.groups),
        most_open=wanted.most_open,
        days_ahead=wanted.days_ahead,
        tickets_per_day=wanted.tickets_per_day,
        now=now,
    )
    for counter in wanted.counters:
        set_counter(hall_code=hall.code, number=counter.number, groups=counter.groups)
    return hall
