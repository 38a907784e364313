from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="texts",
            field=models.JSONField(default=dict),
        ),
    ]
