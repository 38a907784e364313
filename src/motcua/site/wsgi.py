"""The site as a WSGI application, for granian and for anyone who brings another server."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")
application = get_wsgi_application()
# Read every address now: a mistake in one stops the start, and the first visitor does not wait for it.
_ = get_resolver().url_patterns
# The pages are loaded with all that they use, but for this, which waits for the first form that is read.
import_module("jsonschema")
