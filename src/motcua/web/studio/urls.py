"""Addresses of the studio."""

from django.urls import path

from motcua.web.studio import acts, draft, editor, files, preview, services

app_name = "studio"
urlpatterns = [
    path("", services.services, name="services"),
    path("<slug:code>/", services.service, name="service"),
    path("<slug:code>/begin/", acts.begin, name="begin"),
    path("<slug:code>/draft/", draft.draft, name="draft"),
    path("<slug:code>/draft/preview/", preview.preview, name="preview"),
    path("<slug:code>/draft/tables/", editor.editor, name="editor"),
    path("<slug:code>/draft/file/", files.file, name="file"),
    path("<slug:code>/draft/download/", files.download, name="download"),
    path("<slug:code>/draft/save/", files.save, name="save"),
    path("<slug:code>/draft/install/", acts.install, name="install"),
    path("<slug:code>/draft/discard/", acts.discard, name="discard"),
]
