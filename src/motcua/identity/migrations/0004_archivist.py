from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0003_team_member"),
    ]

    operations = [
        migrations.AlterField(
            model_name="appointment",
            name="role",
            field=models.CharField(
                choices=[
                    ("one_stop_officer", "Cán bộ một cửa"),
                    ("specialist", "Chuyên viên"),
                    ("approver", "Người phê duyệt"),
                    ("inspector", "Người kiểm tra"),
                    ("leader", "Lãnh đạo"),
                    ("data_steward", "Quản trị dữ liệu"),
                    ("auditor", "Người giám sát"),
                    ("service_designer", "Người thiết kế dịch vụ"),
                    ("team_member", "Thành viên tổ công nghệ số cộng đồng"),
                    ("archivist", "Văn thư lưu trữ"),
                ],
                max_length=20,
            ),
        ),
    ]
