"""Addresses of what desks see of reports; the room reportform mounts them under the name `sitreps`."""

from django.urls import path

from alerts.reporting import views

urlpatterns = [
    path("reports/", views.inbox, name="inbox"),
    path("crises/<slug:slug>/board/", views.board, name="board"),
    path("crises/<slug:slug>/request/", views.request_reports, name="request"),
    path("crises/<slug:slug>/reports/<int:number>/", views.report, name="report"),
    path("crises/<slug:slug>/reports/<int:number>/seen/", views.seen, name="seen"),
    path("crises/<slug:slug>/reports/<int:number>/versions/", views.versions, name="versions"),
]
