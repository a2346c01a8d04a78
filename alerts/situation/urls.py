"""Addresses of this room."""

from django.urls import path

from alerts.situation import views

app_name = "situation"
urlpatterns = [path("crises/<slug:slug>/situation/", views.situation, name="situation")]
