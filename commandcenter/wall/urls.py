"""Addresses of this room."""

from django.urls import path

from commandcenter.wall import views

app_name = "wall"
urlpatterns = [
    path("wall/", views.wall, name="wall"),
    path("wall/pair/", views.pair, name="pair"),
    path("wall/panels/<slug:name>/", views.panel, name="panel"),
    path("wall/since", views.since, name="since"),
    path("wall/devices/", views.screens, name="screens"),
    path("wall/devices/<int:screen>/revoke/", views.revoke, name="revoke"),
]
