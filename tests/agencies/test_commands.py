"""``motcua places load`` loads and says how much, as often as it is run."""

import argparse

import pytest

from motcua.agencies.commands import add_commands
from motcua.agencies.models import Place


@pytest.mark.django_db
def test_places_are_loaded_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    options = parser.parse_args(["places", "load"])

    assert [options.run(options), options.run(options)] == [0, 0]

    assert capsys.readouterr().out == "402 places, 284 steps of lineage\n" * 2
    assert Place.objects.count() == 402
