"""Addresses of the hotline, under the name `hotline`."""

from django.urls import path

from alerts.switchboard import calls, views

app_name = "hotline"
urlpatterns = [
    path("hotline/", views.hotline, name="hotline"),
    path("hotline/panels/<slug:name>/", views.panel, name="panel"),
    path("hotline/ribbon/", views.ribbon, name="ribbon"),
    path("hotline/back/<int:pk>/<slug:verb>/", views.back, name="back"),
    path("hotline/tries/<int:pk>/undo/", views.undo, name="undo"),
    path("hotline/calls/", calls.finished, name="finished"),
    path("hotline/calls/<uuid:client_id>/", calls.call, name="call"),
    path("hotline/calls/<uuid:client_id>/draft/", calls.draft, name="draft"),
    path("hotline/calls/<uuid:client_id>/save/", calls.save, name="save"),
    path("hotline/calls/<uuid:client_id>/answer/", calls.answer, name="answer"),
    path("hotline/calls/<uuid:client_id>/reopen/", calls.reopen, name="reopen"),
    path("hotline/calls/<uuid:client_id>/persons/<int:citizen>/", calls.person, name="person"),
]
