"""Agencies may be public service units, whose services are no administrative procedures."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="agency",
            name="kind",
            field=models.CharField(
                choices=[
                    ("city", "Ủy ban nhân dân thành phố"),
                    ("department", "Sở, ban, ngành"),
                    ("commune", "Ủy ban nhân dân phường, xã, đặc khu"),
                    ("service_centre", "Trung tâm phục vụ hành chính công"),
                    ("inspection", "Lực lượng kiểm soát"),
                    ("public_unit", "Đơn vị sự nghiệp công lập"),
                ],
                max_length=20,
            ),
        ),
    ]
