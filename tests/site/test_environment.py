"""Where things are, read from the environment."""

import os
from pathlib import Path

import pytest

from motcua.site import environment


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "MOTCUA_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)


def test_socket_lies_in_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MOTCUA_DATA_DIR", str(tmp_path / "var"))

    assert environment.socket_folder() == tmp_path / "var" / "postgres" / "socket"


def test_socket_path_never_grows_past_what_the_kernel_takes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MOTCUA_DATA_DIR", str(tmp_path / ("đ" * 60)))

    folder = environment.socket_folder()

    assert len(os.fsencode(f"{folder}/.s.PGSQL.5432")) <= 107


def test_two_long_data_folders_have_two_sockets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folders = set()
    for name in ("a" * 120, "b" * 120):
        monkeypatch.setenv("MOTCUA_DATA_DIR", str(tmp_path / name))
        folders.add(environment.socket_folder())

    assert len(folders) == 2


def test_your_own_server_is_used_when_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:secret@db.example.vn:6432/city?sslmode=verify-full")

    address = environment.parse_database_url(environment.database_url("app"))

    assert not environment.uses_embedded_database()
    assert (address.host, address.port, address.name, address.user) == (
        "db.example.vn",
        "6432",
        "city",
        "app",
    )
    assert address.options == {"sslmode": "verify-full"}


def test_migrating_your_own_server_needs_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db.example.vn/city")

    with pytest.raises(environment.OwnerAddressMissing, match="DATABASE_OWNER_URL"):
        environment.database_url("owner")


def test_the_two_roles_differ() -> None:
    owner = environment.parse_database_url(environment.database_url("owner"))
    application = environment.parse_database_url(environment.database_url("app"))

    assert owner.user != application.user
