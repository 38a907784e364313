"""What every part of a pack is made of: names, texts in both languages, and models that refuse unknown keys."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Feel = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


def feel_name(name: str) -> str:
    """Return the name under which FEEL and DMN know a field or fact: underscores are spaces."""
    return name.replace("_", " ")


class Strict(BaseModel):
    """A part of a pack: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Bilingual(Strict):
    """One text in both languages of the platform."""

    vi: Text
    en: Text

    def in_language(self, language: str) -> str:
        """Return the English text for ``en``, otherwise the Vietnamese one."""
        return self.en if language == "en" else self.vi
