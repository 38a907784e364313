"""What a site says of its transport follows from its address."""

import json
import os
import subprocess
import sys

import pytest

ASK = (
    "import json; from motcua.site import settings as s; print(json.dumps([s.SESSION_COOKIE_SECURE,"
    " s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS]))"
)


@pytest.mark.parametrize(
    ("address", "more", "said"),
    [
        ("https://motcua.example", {}, [True, True, True, True, 86_400]),
        ("https://motcua.example", {"MOTCUA_HSTS_SECONDS": "31536000"}, [True, True, True, True, 31_536_000]),
        ("http://127.0.0.1:8000", {}, [False, False, False, False, 0]),
    ],
)
def test_https_is_held_to_by_cookies_redirect_and_browsers(
    address: str, more: dict[str, str], said: list[object]
) -> None:
    environment = {**os.environ, "MOTCUA_SITE_URL": address, **more}

    told = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, check=True, text=True
    )

    assert json.loads(told.stdout) == said
