"""Addresses of papers. The text of a link stands in the query, which no log of ours keeps."""

from django.urls import path

from motcua.web.portal.papers import own, shared, sharing

urlpatterns = [
    path("my/papers/", own.papers, name="papers"),
    path("my/papers/share/", sharing.share, name="share_papers"),
    path("my/papers/shares/<uuid:share_id>/revoke/", sharing.revoke, name="revoke_share"),
    path("my/papers/<uuid:paper_id>/", own.download, name="paper"),
    path("my/papers/<uuid:paper_id>/small.png", own.thumbnail, name="paper_thumbnail"),
    path("my/papers/<uuid:paper_id>/delete/", own.delete, name="delete_paper"),
    path("shared/", shared.shared, name="shared"),
    path("shared/paper/", shared.paper, name="shared_paper"),
]
