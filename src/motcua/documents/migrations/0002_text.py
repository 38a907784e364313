"""What a paper says in words, beside its bytes: what its signers read on the page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("documents", "0001_results"),)
    operations = (migrations.AddField("result", "text", models.JSONField(db_default={}, default=dict)),)
