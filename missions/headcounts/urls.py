"""Addresses of the room."""

from django.urls import path

from missions.headcounts import views

app_name = "headcounts"
urlpatterns = [path("countries/<str:iso>/headcount/", views.headcount_page, name="country")]
