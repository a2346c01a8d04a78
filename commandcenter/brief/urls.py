"""Addresses of this room."""

from django.urls import path

from commandcenter.brief import views

app_name = "brief"
urlpatterns = [path("summary/<slug:slug>/brief.pdf", views.pdf, name="pdf")]
