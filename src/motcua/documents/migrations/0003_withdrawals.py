"""Papers in force can be taken back by a notice and replaced; what was done stays, as the papers themselves do."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was carried out or given up stays, whoever asks: the owner of the tables too.
STAYS = """
CREATE FUNCTION documents_withdrawal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR OLD.given_up_at IS NOT NULL THEN
        RAISE EXCEPTION 'withdrawal % is over and stays as it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER documents_withdrawal_stays BEFORE UPDATE OR DELETE ON documents_withdrawal
    FOR EACH ROW EXECUTE FUNCTION documents_withdrawal_stays();
"""
UNDO = "DROP TRIGGER documents_withdrawal_stays ON documents_withdrawal; DROP FUNCTION documents_withdrawal_stays();"


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_text"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "ground",
                    models.TextField(
                        choices=[
                            ("mistake", "Giấy có sai sót do cơ quan lập"),
                            ("untrue", "Giấy được cấp từ thông tin hoặc giấy tờ không đúng sự thật"),
                            ("not_lawful", "Giấy được cấp không đúng thẩm quyền, trình tự hoặc điều kiện"),
                            ("changed", "Sự việc ghi trên giấy đã thay đổi"),
                            ("higher", "Theo bản án, quyết định của tòa án hoặc cơ quan cấp trên"),
                            ("requested", "Theo đề nghị của người được cấp"),
                        ]
                    ),
                ),
                ("reason", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="WithdrawalObjection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("objected_at", models.DateTimeField()),
                (
                    "answer",
                    models.TextField(
                        blank=True,
                        choices=[("stands", "Giữ nguyên việc thu hồi"), ("issue_again", "Cấp lại giấy")],
                    ),
                ),
                ("answer_words", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="result",
            name="result_one_of_a_kind_for_a_case",
        ),
        migrations.AddField(
            model_name="result",
            name="kind",
            field=models.TextField(
                choices=[("result", "Kết quả"), ("notice", "Quyết định thu hồi")],
                db_default="result",
                default="result",
            ),
        ),
        migrations.AddField(
            model_name="result",
            name="replaces",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replacements",
                to="documents.result",
            ),
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state", "abandoned"), _negated=True),
                    ("kind", "result"),
                    ("replaces__isnull", True),
                ),
                fields=("case_number", "notation"),
                name="result_one_of_a_kind_for_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "abandoned"), _negated=True),
                fields=("replaces",),
                name="result_replaced_once",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="notice",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="withdraws", to="documents.result"
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="result",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="withdrawals", to="documents.result"
            ),
        ),
        migrations.AddField(
            model_name="withdrawalobjection",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="withdrawalobjection",
            name="withdrawal",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objection",
                to="documents.withdrawal",
            ),
        ),
        migrations.AddIndex(
            model_name="withdrawal",
            index=models.Index(
                condition=models.Q(("given_up_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=["asked_at"],
                name="withdrawal_on_its_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("given_up_at__isnull", True)), fields=("result",), name="withdrawal_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), ("given_up_at__isnull", True), _connector="OR"
                ),
                name="withdrawal_one_way_or_the_other",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="withdrawal_for_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalobjection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""),
                        ("answer_words", ""),
                        ("answered_at__isnull", True),
                        ("answered_by__isnull", True),
                    ),
                    models.Q(
                        models.Q(("answer", ""), _negated=True),
                        models.Q(("answer_words", ""), _negated=True),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="withdrawal_objection_answered_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="result",
            index=models.Index(fields=["sha256"], name="result_of_digest"),
        ),
        migrations.RunSQL(STAYS, UNDO),
    ]
