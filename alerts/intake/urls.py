"""Addresses of this room."""

from django.urls import path

from alerts.intake import views

app_name = "intake"
urlpatterns = [path("sos/", views.sos, name="sos")]
