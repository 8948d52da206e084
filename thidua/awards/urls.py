"""Addresses under /khen-thuong/."""

from __future__ import annotations

from django.urls import path

from thidua.awards.decisions.urls import urlpatterns as of_decisions
from thidua.awards.views import candidates, exporting, handling, people, rounds, suggestions

app_name = "awards"

urlpatterns = [
    path("", rounds.home, name="list"),
    path("de-nghi/", candidates.all_candidates, name="candidates"),
    path("ke-hoach/<int:plan_pk>/dot-moi/", rounds.new, name="new_round"),
    path("dot/<int:pk>/", rounds.round_page, name="round"),
    path("dot/<int:pk>/viec/", rounds.act, name="round_act"),
    path("dot/<int:pk>/goi-y/", suggestions.suggestions, name="suggestions"),
    path("dot/<int:pk>/de-nghi-moi/", candidates.new, name="nominate"),
    path("goi-y/<int:pk>/", suggestions.suggestion, name="suggestion"),
    path("goi-y/<int:pk>/tra-loi/", suggestions.answer, name="answer"),
    path("nguoi/moi/", people.new_person, name="new_person"),
    path("nguoi/<int:pk>/", people.person, name="person"),
    path("tam-dung/<int:pk>/ket-thuc/", handling.end_hold, name="end_hold"),
    path("de-nghi/<int:pk>/", candidates.candidate, name="candidate"),
    path("de-nghi/<int:pk>/sua/", candidates.change, name="change"),
    path("de-nghi/<int:pk>/viec/", candidates.act, name="act"),
    path("de-nghi/<int:pk>/tham-dinh/", handling.appraise, name="appraise"),
    path("de-nghi/<int:pk>/hoi-y-kien/", handling.consult, name="consult"),
    path("de-nghi/<int:pk>/xac-nhan/", handling.fact, name="fact"),
    path("de-nghi/<int:pk>/cho-qua/", handling.let_pass, name="let_pass"),
    path("de-nghi/<int:pk>/tam-dung/", handling.hold, name="hold"),
    path("de-nghi/<int:pk>/giay-to/<int:row_pk>/", handling.paper, name="paper"),
    path("de-nghi/<int:pk>/giay-to/<int:row_pk>/tep/", handling.file, name="file"),
    path("de-nghi/<int:pk>/xuat/", exporting.candidate, name="export"),
    path("dot/<int:pk>/xuat/", exporting.award_round, name="export_round"),
    path("y-kien/<int:pk>/", handling.consultation, name="consultation"),
    *of_decisions,
]
