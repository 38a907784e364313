"""Whether the end of a directive was told to the ledger."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column, empty: no lock beyond a moment."""

    dependencies = [("directives", "0002_opinions")]

    operations = [
        migrations.AddField(
            model_name="directive",
            name="end_told_at",
            field=models.DateTimeField(
                help_text="when its own end was told to the ledger; the end itself is until_at", null=True
            ),
        ),
    ]
