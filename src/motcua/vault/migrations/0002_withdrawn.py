"""A result that its office took back stays among a person's papers and says so."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = (("vault", "0001_initial"),)
    operations = (
        migrations.AddField("paper", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "paper", "withdrawn_for", models.CharField(max_length=40, blank=True, db_default="")
        ),
        migrations.AddConstraint(
            "paper",
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_for="")
                | (Q(withdrawn_at__isnull=False, source="result") & ~Q(withdrawn_for="")),
                name="paper_withdrawn_is_a_result",
            ),
        ),
    )
