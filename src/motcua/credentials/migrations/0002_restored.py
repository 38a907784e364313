"""When a revocation was last taken back: who keeps revocations in memory learns from it which to forget."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("credentials", "0001_initial"),)
    operations = (
        migrations.AddField(
            model_name="credential",
            name="restored_at",
            field=models.DateTimeField(help_text="when a revocation was last taken back", null=True),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(
                condition=models.Q(("restored_at__isnull", False)),
                fields=["restored_at"],
                name="credential_restored",
            ),
        ),
    )
