"""Passes are never looked for by the key that signed them: the index cost every filing and answered nobody."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("credentials", "0002_restored"),)
    operations = (
        migrations.AlterField(
            model_name="credential",
            name="key",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="credentials.credentialkey",
            ),
        ),
    )
