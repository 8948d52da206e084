"""Addresses under /nhiem-vu/."""

from __future__ import annotations

from django.urls import path

from thidua.movements.tasks import views

app_name = "tasks"

#: Act of a task and the last part of its address.
TASK_ACTS = (
    ("accept", "nhan"),
    ("decline", "tu-choi"),
    ("progress", "tien-do"),
    ("report_done", "hoan-thanh"),
    ("activity", "hoat-dong"),
    ("ask_extension", "xin-gia-han"),
    ("split", "chia"),
    ("confirm", "xac-nhan"),
    ("send_back", "tra-lai"),
    ("give_again", "giao-lai"),
    ("remind", "don-doc"),
    ("cancel", "rut"),
)
EXTENSION_ACTS = (("grant", "dong-y"), ("refuse", "khong-dong-y"), ("withdraw", "rut-lai"))

urlpatterns = [
    path("", views.tasks, name="list"),
    path("viec-da-chon/", views.act_on_many, name="act_on_many"),
    path("cham/", views.late, name="late"),
    path("giao/", views.give, name="give"),
    path("giao/tu-van-ban/<int:incoming_pk>/", views.give, name="from_incoming"),
    path("hoat-dong/", views.activity_rows, name="activities"),
    path("hoat-dong/moi/", views.new_activity, name="new_activity"),
    path("tai-lieu/<int:pk>/", views.evidence, name="evidence"),
    path("<int:pk>/", views.task, name="task"),
    *(path(f"<int:pk>/{word}/", views.act, {"key": key}, name=key) for key, word in TASK_ACTS),
    *(
        path(f"<int:pk>/gia-han/<int:extension_pk>/{word}/", views.answer, {"key": key}, name=key)
        for key, word in EXTENSION_ACTS
    ),
]
