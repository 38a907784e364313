"""The installation's own settings, with the addresses of the plain way in place of its own."""

from motcua.site.settings import *  # noqa: F403
from motcua.site.settings import INSTALLED_APPS as INSTALLED

INSTALLED_APPS = [*INSTALLED, "bench_live_plain"]
ROOT_URLCONF = "bench_live_plain.urls"
