"""Addresses of this room."""

from django.urls import path

from alerts.kpi import views

app_name = "kpi"
urlpatterns = [
    path("kpi/", views.overview, name="overview"),
    path("kpi/clocks.csv", views.sheet, name="sheet"),
    path("kpi/<slug:code>/", views.clock, name="clock"),
    path("kpi/<slug:code>/rows.csv", views.sheet, name="rows"),
]
