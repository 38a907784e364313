"""Addresses that every surface shares."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

app_name = "ui"
# Without a token, so that a public page holds nothing of its reader: all that another site could do by it is to
# choose the language, which one click chooses back.
urlpatterns = [path("language/", csrf_exempt(set_language), name="language")]
