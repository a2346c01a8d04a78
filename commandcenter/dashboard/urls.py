"""Addresses of the dashboard."""

from django.urls import path

from commandcenter.dashboard import summary, views

app_name = "dashboard"
urlpatterns = [
    path("", views.picture, name="picture"),
    path("picture/ribbon/", views.ribbon, name="ribbon"),
    path("summary/", summary.summary, name="summary"),
    path("summary/panel/", summary.panel, name="summary-panel"),
    path("summary/seen/", summary.seen, name="summary-seen"),
]
