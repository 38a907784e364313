"""Kinds of account, roles, and the purposes that each role may act for."""

from django.db import models


class AccountKind(models.TextChoices):
    """Who stands behind an account."""

    CITIZEN = "citizen", "Người dân"
    OFFICER = "officer", "Cán bộ"
    SYSTEM = "system", "Hệ thống"


class Sex(models.TextChoices):
    """Sex as the citizen number encodes it."""

    MALE = "male", "Nam"
    FEMALE = "female", "Nữ"


class Role(models.TextChoices):
    """What an officer is appointed to do."""

    ONE_STOP_OFFICER = "one_stop_officer", "Cán bộ một cửa"
    SPECIALIST = "specialist", "Chuyên viên"
    APPROVER = "approver", "Người phê duyệt"
    INSPECTOR = "inspector", "Người kiểm tra"
    LEADER = "leader", "Lãnh đạo"
    DATA_STEWARD = "data_steward", "Quản trị dữ liệu"
    AUDITOR = "auditor", "Người giám sát"
    SERVICE_DESIGNER = "service_designer", "Người thiết kế dịch vụ"
    TEAM_MEMBER = "team_member", "Thành viên tổ công nghệ số cộng đồng"
    ARCHIVIST = "archivist", "Văn thư lưu trữ"


class Purpose(models.TextChoices):
    """Why something is looked at or done; a role without the purpose has no right to it."""

    READ_CASES = "read_cases", "Xem hồ sơ"
    RECEIVE_CASES = "receive_cases", "Tiếp nhận hồ sơ tại quầy"
    HANDLE_CASES = "handle_cases", "Xử lý hồ sơ"
    DECIDE_CASES = "decide_cases", "Quyết định hồ sơ"
    CHECK_PASSES = "check_passes", "Kiểm tra giấy"
    REVOKE_PASSES = "revoke_passes", "Thu hồi giấy"
    OVERSEE = "oversee", "Theo dõi, chỉ đạo"
    KEEP_REGISTERS = "keep_registers", "Quản lý nguồn dữ liệu"
    AUDIT = "audit", "Giám sát việc truy cập"
    DESIGN_SERVICES = "design_services", "Sửa quy tắc của dịch vụ"
    DIRECT = "direct", "Ban hành, chuyển trạng thái"
    HELP_CITIZENS = "help_citizens", "Giúp người dân nộp hồ sơ"
    KEEP_ARCHIVES = "keep_archives", "Lưu trữ hồ sơ"
    DESTROY_RECORDS = "destroy_records", "Quyết định hủy hồ sơ lưu trữ"


PURPOSES: dict[Role, frozenset[Purpose]] = {
    Role.ONE_STOP_OFFICER: frozenset({Purpose.READ_CASES, Purpose.RECEIVE_CASES, Purpose.HANDLE_CASES}),
    Role.SPECIALIST: frozenset({Purpose.READ_CASES, Purpose.HANDLE_CASES, Purpose.DECIDE_CASES}),
    Role.APPROVER: frozenset({Purpose.READ_CASES, Purpose.DECIDE_CASES, Purpose.REVOKE_PASSES}),
    Role.INSPECTOR: frozenset({Purpose.CHECK_PASSES}),
    Role.LEADER: frozenset({Purpose.OVERSEE, Purpose.DIRECT, Purpose.DESTROY_RECORDS}),
    Role.DATA_STEWARD: frozenset({Purpose.KEEP_REGISTERS}),
    Role.AUDITOR: frozenset({Purpose.AUDIT, Purpose.OVERSEE}),
    Role.SERVICE_DESIGNER: frozenset({Purpose.DESIGN_SERVICES}),
    Role.TEAM_MEMBER: frozenset({Purpose.HELP_CITIZENS}),
    Role.ARCHIVIST: frozenset({Purpose.KEEP_ARCHIVES}),
}


class Scope(models.TextChoices):
    """What a bearer token may be used for."""

    SUBMISSIONS = "submissions", "Nộp hồ sơ"
    SCANS = "scans", "Gửi lượt quét"
    READ = "read", "Đọc trạng thái"
