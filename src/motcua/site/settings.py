"""Django settings, read from the environment; see docs/how-to/configure.md for every variable."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from motcua.site import environment
from motcua.site.environment import DatabaseRole

DATA_DIR = environment.data_dir()
SECRETS_DIR = environment.secrets_dir()
DEMO = environment.is_demo()
DEBUG = os.environ.get("MOTCUA_DEBUG") == "1"
SITE_URL = os.environ.get("MOTCUA_SITE_URL", "http://127.0.0.1:8000").rstrip("/")
_IS_HTTPS = SITE_URL.startswith("https://")

# The application is cut short rather than left hanging; the owner may need longer to migrate.
_LIMITS_MS: dict[DatabaseRole, dict[str, int]] = {
    "app": {
        "statement_timeout": 30_000,
        "lock_timeout": 5_000,
        "idle_in_transaction_session_timeout": 60_000,
    },
    "owner": {"lock_timeout": 10_000},
}


# Any: Django's own type of a database's settings.
def database_settings(role: DatabaseRole) -> dict[str, Any]:
    """Return Django's settings for the database as ``role``."""
    limits = " ".join(f"-c {name}={value}" for name, value in _LIMITS_MS[role].items())
    return _settings_at(environment.database_url(role), limits)


# Any: the same.
def replica_settings(url: str) -> dict[str, Any]:
    """Return Django's settings for a replica: for reading only, given up soon, and never made for tests."""
    settings = _settings_at(url, "-c default_transaction_read_only=on -c statement_timeout=120000")
    settings["OPTIONS"]["connect_timeout"] = "2"
    return {**settings, "TEST": {"MIRROR": "default"}}


# Any: the same.
def _settings_at(url: str, limits: str) -> dict[str, Any]:
    address = environment.parse_database_url(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "5", "options": limits, **address.options},
    }


DATABASES = {
    "default": database_settings("owner" if os.environ.get("MOTCUA_DATABASE_ROLE") == "owner" else "app")
}
if "DATABASE_REPLICA_URL" in os.environ:
    # Boards and exports read it while it keeps up; see site/replica.py.
    DATABASES["replica"] = replica_settings(os.environ["DATABASE_REPLICA_URL"])
    DATABASE_ROUTERS = ["motcua.site.replica.Router"]
REPLICA_MOST_BEHIND_SECONDS = float(os.environ.get("MOTCUA_REPLICA_MOST_BEHIND_SECONDS", "60"))
if "MOTCUA_TEST_DATABASE" in os.environ:
    DATABASES["default"]["TEST"] = {"NAME": os.environ["MOTCUA_TEST_DATABASE"]}

_KEY_FILE = SECRETS_DIR / "django.key"
# serve makes the file before anything answers; a command that runs earlier gets a key that dies with it.
SECRET_KEY = os.environ.get("MOTCUA_SECRET_KEY") or (
    _KEY_FILE.read_text(encoding="utf-8").strip() if _KEY_FILE.exists() else secrets.token_urlsafe(64)
)

ALLOWED_HOSTS = [
    host
    for host in (
        *os.environ.get("MOTCUA_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(","),
        urlsplit(SITE_URL).hostname,
    )
    if host
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "motcua.events",
    "motcua.agencies",
    "motcua.identity",
    "motcua.directives",
    "motcua.registers",
    "motcua.decisions",
    "motcua.credentials",
    "motcua.documents",
    "motcua.vault",
    "motcua.procedures",
    "motcua.fees",
    "motcua.appointments",
    "motcua.cases",
    "motcua.teams",
    "motcua.ratings",
    "motcua.archives",
    "motcua.indicators",
    "motcua.packs",
    "motcua.switching",
    "motcua.web.ui",
    "motcua.web.portal",
    "motcua.web.desk",
    "motcua.web.operations",
    "motcua.web.studio",
    "motcua.web.scanner",
    "motcua.web.teams",
    "motcua.web.exchange",
]
MIDDLEWARE = [
    "motcua.site.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "motcua.site.middleware.privacy_headers",
    "csp.middleware.CSPMiddleware",
    "motcua.site.middleware.readable_address",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "motcua.web.ui.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "motcua.identity.sessions.officer_session_limits",
    "motcua.site.replica.ReplicaReads",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "motcua.site.urls"
WSGI_APPLICATION = "motcua.site.wsgi.application"
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
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Static files are served from where the apps keep them; built files carry a hash in their names.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 600
WHITENOISE_IMMUTABLE_FILE_TEST = r"/built/assets/.+[-.][0-9A-Za-z_-]{8,}\.\w+$"

# Identity. Officers' passwords are argon2; citizens sign in at the issuer.
AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["motcua.identity.backends.SessionAccount"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
OIDC_ISSUER = os.environ.get("MOTCUA_OIDC_ISSUER", "http://127.0.0.1:8001" if DEMO else "")
OIDC_CLIENT_ID = os.environ.get("MOTCUA_OIDC_CLIENT_ID", "motcua-portal")
OIDC_CLIENT_SECRET = os.environ.get("MOTCUA_OIDC_CLIENT_SECRET", "")
OIDC_NAME_CLAIM = os.environ.get("MOTCUA_OIDC_NAME_CLAIM", "name")
OIDC_NUMBER_CLAIM = os.environ.get("MOTCUA_OIDC_NUMBER_CLAIM", "citizen_number")

# Sessions end with the working day; Lax, because the issuer sends the browser back by a link.
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "motcua.web.ui.errors.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _IS_HTTPS
CSRF_TRUSTED_ORIGINS = [SITE_URL] if _IS_HTTPS else []
LANGUAGE_COOKIE_SECURE = _IS_HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = _IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# A day unless told otherwise: long enough that a later visit is not led through plain http, short enough
# to turn back. Only this host: what else the city runs beside it may not speak https yet.
SECURE_HSTS_SECONDS = int(os.environ.get("MOTCUA_HSTS_SECONDS", "86400" if _IS_HTTPS else "0"))
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Forwarding headers are believed only where the operator says that a proxy of ours sets them.
BEHIND_PROXY = os.environ.get("MOTCUA_BEHIND_PROXY") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

# Networks of proxies whose X-Forwarded-For is believed when sign-in tries are counted by address.
TRUSTED_PROXIES = [entry for entry in os.environ.get("MOTCUA_TRUSTED_PROXIES", "").split(",") if entry]

# What is signed for everyone to carry, as files with a name of their own content; a CDN may serve the folder.
PUBLISHED_DIR = Path(os.environ.get("MOTCUA_PUBLISHED_DIR", DATA_DIR / "published"))
PUBLISHED_URL = os.environ.get("MOTCUA_PUBLISHED_URL", "/published/").rstrip("/") + "/"
_PUBLISHED_ORIGIN = PUBLISHED_URL if "://" in PUBLISHED_URL else None

# Limits of what a request may bring; an attachment goes to a file early.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 262_144
FILE_UPLOAD_HANDLERS = [
    "motcua.web.ui.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

_ISSUER_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER)) if OIDC_ISSUER else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "media-src": [SELF, "blob:"],
        # The scanner fetches keys and status list from where they are published.
        "connect-src": [SELF, *([_PUBLISHED_ORIGIN] if _PUBLISHED_ORIGIN else [])],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        # Browsers hold the redirect after a form to the same rule: signing in leads to the issuer.
        "form-action": [SELF, *([_ISSUER_ORIGIN] if _ISSUER_ORIGIN else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Jobs are queued by name; a worker loads site/jobs.py, which finds those of every app.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None
PROCRASTINATE_IMPORT_PATHS = ["motcua.site.jobs"]
# The agency id that begins every case number; H17 is Đà Nẵng.
MOTCUA_DOSSIER_PREFIX = os.environ.get("MOTCUA_DOSSIER_PREFIX", "H17")
# The telephone number that answers citizens, at the foot of their pages; empty where there is none.
HELP_LINE = os.environ.get("MOTCUA_HELP_LINE", "")
# Who stamps the time of signatures on results: the address of an authority by RFC 3161, or "own" on a demo, whose
# stamps prove nothing to anybody else.
TIME_STAMPS = os.environ.get("MOTCUA_TIME_STAMPS", "own" if DEMO else "")
# How long the list of a bulk filing and its QR sheets are kept after it was filed.
MOTCUA_BULK_KEEP_DAYS = int(os.environ.get("MOTCUA_BULK_KEEP_DAYS", "30"))
# How long ago a dossier must have ended before it is archived; the law gives a year (33/2024/QH15).
MOTCUA_ARCHIVE_AFTER_DAYS = int(os.environ.get("MOTCUA_ARCHIVE_AFTER_DAYS", "180"))
MOTCUA_ARCHIVED_PAGES = "motcua.site.wiring.ARCHIVED_PAGES"
# Where ClamAV listens (the path of its socket, or host:port); empty where none runs, and pages say so.
MOTCUA_CLAMD = os.environ.get("MOTCUA_CLAMD", "")
# What share of the effects may differ from the confirmed dry run before a switch stops, and how many processes,
# the worker's own among them, sign and decide while one is carried out.
MOTCUA_MOST_DRIFT = float(os.environ.get("MOTCUA_MOST_DRIFT", "0.02"))
# How long who changes by a directive is kept after the time for undoing it.
MOTCUA_EFFECTS_KEEP_DAYS = int(os.environ.get("MOTCUA_EFFECTS_KEEP_DAYS", "30"))
MOTCUA_SWITCH_PROCESSES = int(os.environ.get("MOTCUA_SWITCH_PROCESSES", str(min(4, os.cpu_count() or 1))))
MOTCUA_HANDLERS = "motcua.site.wiring.HANDLERS"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "motcua.site.logs.WithoutPersons",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("MOTCUA_LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Says every 4xx again, with the path, after our own line.
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
    },
}
