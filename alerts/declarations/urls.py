"""Addresses of this room; included before those of crises, whose slugs would catch them."""

from django.urls import path

from alerts.declarations import views

app_name = "declarations"
urlpatterns = [path("crises/declare/", views.declare, name="declare")]
