"""Foreign keys obey the order of the apps too; the import linter cannot see ``"cases.Case"``."""

from collections.abc import Iterable
from configparser import ConfigParser
from pathlib import Path

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

ROOT = Path(__file__).resolve().parents[2]


def heights() -> dict[str, int]:
    """Return how high each app stands in .importlinter; greater is higher. Surfaces count as ``web``."""
    contract = ConfigParser()
    contract.read(ROOT / ".importlinter")
    layers = contract["importlinter:contract:order"]["layers"].split("\n")
    lines = [line for line in layers if line.strip()]
    return {app.strip(): len(lines) - at for at, line in enumerate(lines) for app in line.split("|")}


def app_of(model: type[models.Model]) -> str | None:
    """Return the app in the contract that ``model`` belongs to, None for Django's own and other packages'."""
    package, _, rest = model.__module__.partition(".")
    return rest.split(".")[0] if package == "motcua" else None


def keys_upward(tables: Iterable[type[models.Model]]) -> list[str]:
    """Name every relation of ``tables`` that points to an app above or beside its own."""
    height = heights()
    found = []
    for table in tables:
        for field in table._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField):
                continue
            ours, theirs = app_of(table), app_of(field.related_model)
            if ours and theirs and ours != theirs and height[theirs] >= height[ours]:
                found.append(f"{table.__module__}.{table.__name__}.{field.name} -> {theirs}")
    return found


def test_foreign_keys_point_down() -> None:
    assert keys_upward(apps.get_models(include_auto_created=True)) == []


@isolate_apps("motcua.events", "motcua.cases")
def test_planted_key_upward_is_found() -> None:
    class Case(models.Model):
        class Meta:
            app_label = "cases"

    Case.__module__ = "motcua.cases.models"

    class Echo(models.Model):
        case = models.ForeignKey(Case, on_delete=models.PROTECT)

        class Meta:
            app_label = "events"

    Echo.__module__ = "motcua.events.models"

    found = keys_upward([Case, Echo])

    assert found == ["motcua.events.models.Echo.case -> cases"]
