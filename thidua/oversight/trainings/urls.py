"""Addresses under /tap-huan/."""

from __future__ import annotations

from django.urls import path

from thidua.oversight.trainings import views

app_name = "trainings"

urlpatterns = [
    path("", views.rows, name="list"),
    path("moi/", views.new, name="new"),
    path("<int:pk>/", views.training, name="training"),
    path("<int:pk>/dang-ky/", views.put_down, name="put_down"),
    path("<int:pk>/diem-danh/", views.roll, name="roll"),
    path("<int:pk>/huy/", views.cancel, name="cancel"),
    path("huong-dan/", views.guidance_rows, name="guidance_list"),
    path("huong-dan/moi/", views.new_guidance, name="new_guidance"),
    path("huong-dan/<int:pk>/", views.guidance, name="guidance"),
    path("huong-dan/tep/<int:pk>/", views.proof, name="proof"),
]
