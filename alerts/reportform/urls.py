"""Addresses of situation reports, under the name `sitreps`."""

from django.urls import path

from alerts.reportform import views
from alerts.reporting.urls import urlpatterns as desks

app_name = "sitreps"
urlpatterns = [
    path("report/worker.js", views.worker, name="worker"),
    path("report/<str:token>/", views.form, name="form"),
    path("report/<str:token>/opened/", views.opened, name="opened"),
    path("report/<str:token>/filling/", views.filling, name="filling"),
    path("report/<str:token>/sent/<int:number>/", views.sent, name="sent"),
    path("report/<str:token>/receipt/<int:number>/", views.receipt, name="receipt"),
    path("report/<str:token>/undo/<int:number>/", views.take_back, name="undo"),
    *desks,
]
