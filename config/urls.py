"""The URL map: each app brings its own `urls`, under a Vietnamese path without accents."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("thidua.workspace.urls")),
    path("", include("thidua.workspace.running.urls")),
    path("tai-khoan/", include("thidua.accounts.urls")),
    path("don-vi/nguoi-dung/", include("thidua.organisations.people.urls")),
    path("don-vi/thay-doi/", include("thidua.organisations.change_pages.urls")),
    path("don-vi/nhap-tu-excel/", include("thidua.organisations.change_pages.import_urls")),
    path("don-vi/", include("thidua.organisations.urls")),
    path("thong-bao/", include("thidua.notices.urls")),
    path("doc-ke-hoach/", include("thidua.documents.urls")),
    path("van-ban/mau/", include("thidua.documents.paper_templates.urls")),
    path("van-ban/", include("thidua.documents.papers.pages.urls")),
    path("so-lieu/", include("thidua.indicators.urls")),
    path("nong-thon-moi/", include("thidua.indicators.new_rural.urls")),
    path("ho-gia-dinh/", include("thidua.households.urls")),
    path("chi-tieu/", include("thidua.movements.progress.urls")),
    path("ke-hoach/", include("thidua.movements.plans.urls")),
    path("phong-trao/", include("thidua.movements.cascade.urls")),
    path("nhiem-vu/", include("thidua.movements.tasks.urls")),
    path("dang-ky/", include("thidua.movements.registrations.urls")),
    path("so-luat/", include("thidua.criteria.law_pages.urls")),
    path("lich/", include("thidua.movements.timeline.urls")),
    path("khen-thuong/tieu-chi/", include("thidua.awards.rule_pages.urls")),
    path("khen-thuong/cong-khai/", include("thidua.awards.opinions.urls")),
    path("lay-y-kien/", include("thidua.awards.opinions.public_urls")),
    path("khen-thuong/", include("thidua.awards.urls")),
    path("kiem-tra/", include("thidua.oversight.inspections.urls")),
    path("tap-huan/", include("thidua.oversight.trainings.urls")),
    path("vuong-mac/", include("thidua.oversight.difficulties.urls")),
    path("khen-thuong/so/", include("thidua.awards.register.urls")),
    path("kiem-tra-khen-thuong/", include("thidua.awards.decisions.check_urls")),
    path("khen-thuong/hoi-dong/", include("thidua.awards.council.urls")),
    path("khen-thuong/cum-khoi/", include("thidua.awards.groups.urls")),
    path("bao-cao/", include("thidua.reports.urls")),
    path("bao-cao/", include("thidua.reports.merge_pages.urls")),
    path("nguon-luc/", include("thidua.resources.urls")),
    path("guong-sang/", include("thidua.publicity.stories.urls")),
    path("cong-khai/", include("thidua.publicity.switching.urls")),
    # Open to everybody, the same for everybody: `publicity.caching`.
    path("cong/", include("thidua.publicity.portal.urls")),
]

handler400 = "thidua.workspace.views.bad_request"
handler403 = "thidua.workspace.views.forbidden"
handler404 = "thidua.workspace.views.not_found"
handler500 = "thidua.workspace.views.server_error"
