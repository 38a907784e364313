"""When the effects of a dry run were dropped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column, empty: no lock beyond a moment."""

    dependencies = [("switching", "0003_late")]

    operations = [
        migrations.AddField(
            model_name="dryrun",
            name="effects_dropped_at",
            field=models.DateTimeField(
                help_text="when the list of who changes was deleted; the counts stay", null=True
            ),
        ),
    ]
