"""Django settings, read from the environment; see docs/how-to/configure.md for every variable."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

DATA_DIR = Path(os.environ.get("MOTCUA_DATA_DIR", "var")).resolve()
DEMO = os.environ.get("MOTCUA_DEMO") == "1"
DEBUG = os.environ.get("MOTCUA_DEBUG") == "1"
SECRETS_DIR = Path(os.environ.get("MOTCUA_SECRETS_DIR", DATA_DIR / "secrets"))
SITE_URL = os.environ.get("MOTCUA_SITE_URL", "http://127.0.0.1:8000").rstrip("/")


def database_from_url(url: str) -> dict[str, object]:
    """Turn a PostgreSQL URL into Django's database settings; the host may be a socket folder in the query."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "motcua",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**query},
    }


DATABASES = {
    "default": database_from_url(
        os.environ.get("DATABASE_URL", f"postgresql://motcua_app@/motcua?host={DATA_DIR / 'postgres'}")
    )
}
if "MOTCUA_TEST_DATABASE" in os.environ:
    DATABASES["default"]["TEST"] = {"NAME": os.environ["MOTCUA_TEST_DATABASE"]}
SECRET_KEY = os.environ.get("MOTCUA_SECRET_KEY", "")
if not SECRET_KEY:
    _key_file = SECRETS_DIR / "django.key"
    SECRET_KEY = _key_file.read_text().strip() if _key_file.exists() else "not-yet-initialised" * 3

ALLOWED_HOSTS = os.environ.get("MOTCUA_ALLOWED_HOSTS", "127.0.0.1,localhost,testserver").split(",")
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "motcua.events",
    "motcua.agencies",
    "motcua.identity",
    "motcua.registers",
    "motcua.decisions",
    "motcua.credentials",
    "motcua.procedures",
    "motcua.cases",
    "motcua.indicators",
    "motcua.packs",
    "motcua.web.ui",
    "motcua.web.portal",
    "motcua.web.desk",
    "motcua.web.operations",
    "motcua.web.scanner",
    "motcua.web.exchange",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "motcua.site.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "identity.Account"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", "csp.constants.NONCE"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
