"""Addresses of this room."""

from django.urls import path

from alerts.differences import views

app_name = "differences"
urlpatterns = [
    path("crises/<slug:slug>/differences/", views.listing, name="list"),
    path("crises/<slug:slug>/differences/accept/", views.accept, name="accept"),
    path("crises/<slug:slug>/differences/reopen/", views.reopen, name="reopen"),
    path("crises/<slug:slug>/reports/<int:first>/<int:second>/", views.pair, name="pair"),
]
