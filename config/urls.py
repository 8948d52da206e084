"""The URL map: each app brings its own `urls`, under a Vietnamese path without accents."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("thidua.workspace.urls")),
    path("doc-ke-hoach/", include("thidua.documents.urls")),
]

handler400 = "thidua.workspace.views.bad_request"
handler403 = "thidua.workspace.views.forbidden"
handler404 = "thidua.workspace.views.not_found"
handler500 = "thidua.workspace.views.server_error"
