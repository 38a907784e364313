"""The migrations make what the models say."""

from io import StringIO

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_model_has_changed_since_its_last_migration() -> None:
    told = StringIO()

    call_command("makemigrations", "--check", "--dry-run", stdout=told)

    assert told.getvalue() == "No changes detected\n"
