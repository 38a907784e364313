"""Who sends: accounts with a token and what each fills in, as read from the file that ``motcua load prepare`` makes."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError


class SendersNotReadable(ValueError):
    """The file of senders cannot be used; the message says what to do."""


class Sender(BaseModel):
    """One account: the name under which it is counted, its token, and its answers to the form.

    ``{tomorrow}`` as an answer stands for the day after the run, in the city's time.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tenant: str = Field(min_length=1, max_length=60)
    token: str = Field(pattern=r"^[A-Za-z0-9_.~+/=-]{1,200}$")
    values: dict[str, JsonValue]


class Senders(BaseModel):
    """All accounts and the procedure that they ask for; the first is the heavy tenant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    procedure: str = Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")
    senders: tuple[Sender, ...] = Field(min_length=1)


def read_senders(path: Path) -> Senders:
    """Read the file; raises ``SendersNotReadable``."""
    try:
        return Senders.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SendersNotReadable(
            f"{path}: {error.strerror}. `motcua load prepare --to FILE` makes such a file for the demo city."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(map(str, first["loc"]))
        # Never what stands there: it may be a token.
        raise SendersNotReadable(f"{path}: {place or 'the file'}: {first['msg']}") from None
