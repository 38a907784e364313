"""A file into which several papers were scanned is a paper of each kind that it is handed in for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("vault", "0002_withdrawn"),)
    operations = (
        migrations.RemoveConstraint("paper", "paper_once_per_person"),
        migrations.AddConstraint(
            "paper",
            models.UniqueConstraint(fields=("person", "file", "kind"), name="paper_once_per_person_and_kind"),
        ),
    )
