"""Addresses of situation reports, under the name `sitreps`."""

from django.urls import path

from alerts.reporting import views

app_name = "sitreps"
urlpatterns = [
    path("report/<str:token>/", views.form, name="form"),
    path("report/<str:token>/opened/", views.opened, name="opened"),
    path("report/<str:token>/sent/<int:number>/", views.sent, name="sent"),
    path("report/<str:token>/undo/<int:number>/", views.take_back, name="undo"),
    path("reports/", views.inbox, name="inbox"),
    path("crises/<slug:slug>/board/", views.board, name="board"),
    path("crises/<slug:slug>/request/", views.request_reports, name="request"),
    path("crises/<slug:slug>/reports/<int:number>/", views.report, name="report"),
    path("crises/<slug:slug>/reports/<int:first>/<int:second>/", views.compare, name="compare"),
]
