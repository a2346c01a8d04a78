"""Addresses of this room; everything else under /exercises/<slug>/ is the whole product in that exercise's world."""

from django.urls import path

from alerts.exercises import views

app_name = "exercises"
urlpatterns = [
    path("exercises/", views.exercises, name="list"),
    path("exercises/start/", views.start, name="start"),
    path("exercises/end/", views.end, name="end"),
]
