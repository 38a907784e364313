"""What an officer or an asked agency finds out about a case, as a pack declares it: typed, and known by its name."""

from typing import Literal

from pydantic import model_validator

from motcua.procedures.asking import Option
from motcua.procedures.parts import Bilingual, Name, Strict


class FindingDeclaration(Strict):
    """One thing that is to be found out; conditions, fees, letters and papers see it by its FEEL name."""

    name: Name
    label: Bilingual
    type: Literal["boolean", "integer", "number", "string", "date"]
    minimum: float | None = None
    maximum: float | None = None
    options: tuple[Option, ...] = ()
    required: bool = True

    @model_validator(mode="after")
    def _bounds_fit_the_type(self) -> "FindingDeclaration":
        bounded = self.minimum is not None or self.maximum is not None
        if bounded and self.type not in ("integer", "number"):
            raise ValueError(f"{self.name}: only an integer or a number has a minimum or a maximum")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"{self.name}: the minimum is greater than the maximum")
        if self.options and self.type != "string":
            raise ValueError(f"{self.name}: only a string has options")
        values = [option.value for option in self.options]
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise ValueError(f"{self.name}: the option {', '.join(twice)} stands twice")
        return self
