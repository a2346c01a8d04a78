"""Addresses of this room."""

from django.urls import path

from alerts.logbook import views

app_name = "logbook"
urlpatterns = [path("crises/<slug:slug>/log/", views.log, name="log")]
