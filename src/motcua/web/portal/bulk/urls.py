"""Addresses of filing for many; they stand in the portal's namespace."""

from django.urls import path

from motcua.web.portal.bulk import handing_in, outcome, upload

urlpatterns = [
    path("services/<slug:code>/bulk/", handing_in.start, name="bulk"),
    path(
        "services/<slug:code>/bulk/template.csv",
        handing_in.template_file,
        {"kind": "csv"},
        name="bulk_template_csv",
    ),
    path(
        "services/<slug:code>/bulk/template.xlsx",
        handing_in.template_file,
        {"kind": "xlsx"},
        name="bulk_template_xlsx",
    ),
    path("bulk/<uuid:upload_id>/", upload.show, name="bulk_upload"),
    path("bulk/<uuid:upload_id>/live/", upload.live, name="bulk_live"),
    path("bulk/<uuid:upload_id>/confirm/", upload.confirm, name="bulk_confirm"),
    path("bulk/<uuid:upload_id>/cancel/", upload.cancel, name="bulk_cancel"),
    path("bulk/<uuid:upload_id>/discard/", upload.discard, name="bulk_discard"),
    path("bulk/<uuid:upload_id>/to-mend/", upload.faults_file, name="bulk_faults"),
    path("bulk/<uuid:upload_id>/results/", outcome.results, name="bulk_results"),
    path("bulk/<uuid:upload_id>/results.csv", outcome.results_file, name="bulk_results_file"),
    path("bulk/<uuid:upload_id>/filed.csv", outcome.rows_file, name="bulk_rows_file"),
    path("bulk/<uuid:upload_id>/manifest.cose", outcome.manifest_file, name="bulk_manifest"),
    path("bulk/<uuid:upload_id>/sheets/", outcome.sheets, name="bulk_sheets"),
    path("bulk/<uuid:upload_id>/sheets.zip", outcome.sheets_file, name="bulk_sheets_file"),
]
