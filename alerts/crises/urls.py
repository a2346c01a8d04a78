"""Addresses of this room."""

from django.urls import path

from alerts.crises import views

app_name = "crises"
urlpatterns = [
    path("crises/", views.crises, name="list"),
    path("crises/ribbon/", views.ribbon, name="ribbon"),
    path("crises/<slug:slug>/", views.room, name="room"),
    path("crises/<slug:slug>/head/", views.head, name="head"),
    path("crises/<slug:slug>/emergencies/", views.emergencies, name="emergencies"),
    path("crises/<slug:slug>/level/", views.level, name="level"),
    path("crises/<slug:slug>/stand-down/", views.stand_down, name="stand_down"),
    path("crises/<slug:slug>/missions/", views.missions, name="missions"),
    path("crises/<slug:slug>/missions/add/", views.add_mission, name="add_mission"),
]
