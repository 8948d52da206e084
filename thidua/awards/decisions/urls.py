"""Addresses of decisions, under /khen-thuong/; taken into the map of awards."""

from __future__ import annotations

from django.urls import path

from thidua.awards.decisions import after_pages, decision_pages, design_pages

urlpatterns = [
    path("quyet-dinh/", decision_pages.decisions, name="decisions"),
    path("dot/<int:round_pk>/quyet-dinh-moi/", decision_pages.new, name="new_decision"),
    path("quyet-dinh/<int:pk>/", decision_pages.decision, name="decision"),
    path("quyet-dinh/<int:pk>/viec/", decision_pages.act, name="decision_act"),
    path("quyet-dinh/<int:pk>/sua/", decision_pages.change, name="change_decision"),
    path("quyet-dinh/<int:pk>/dong/<int:line_pk>/", decision_pages.line, name="decision_line"),
    path("quyet-dinh/<int:pk>/tien-thuong/", after_pages.bonuses, name="decision_bonuses"),
    path("quyet-dinh/<int:pk>/trao/", after_pages.hand_over, name="decision_hand_over"),
    path("quyet-dinh/<int:pk>/in/", after_pages.print_certificates, name="print_certificates"),
    path("huy-bo/<int:award_pk>/", decision_pages.revoke, name="revoke_award"),
    path("dinh-chinh/<int:award_pk>/", decision_pages.correct, name="correct_award"),
    path("lan-in/<int:pk>/", after_pages.printed, name="print"),
    path("lan-in/<int:pk>/tep/", after_pages.printed_file, name="print_file"),
    path("mau-in/", design_pages.all_designs, name="designs"),
    path("mau-in/moi/", design_pages.new_design, name="new_design"),
    path("mau-in/<int:pk>/", design_pages.design, name="design"),
    path("mau-in/<int:pk>/xem-truoc.png", design_pages.design_picture, name="design_picture"),
    path("mau-in/<int:pk>/can-chinh.pdf", design_pages.calibration, name="design_calibration"),
]
