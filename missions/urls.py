"""Addresses of the rooms of missions."""

from django.urls import include, path

urlpatterns = [
    path("", include("missions.directory.urls")),
    path("", include("missions.headcounts.urls")),
    path("", include("missions.planning.urls")),
]
