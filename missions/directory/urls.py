"""Addresses of the room."""

from django.urls import path

from missions.directory import views

app_name = "missions"
urlpatterns = [path("missions/<slug:code>/", views.mission_page, name="mission")]
