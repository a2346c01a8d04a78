"""Addresses of this room."""

from django.urls import path

from alerts.teamwork import views

app_name = "team"
urlpatterns = [
    path("crises/<slug:slug>/team/", views.team, name="team"),
    path("crises/<slug:slug>/team/panel/", views.panel, name="panel"),
    path("crises/<slug:slug>/team/call/", views.call, name="call"),
    path("crises/<slug:slug>/team/dismiss/<int:member>/", views.dismiss, name="dismiss"),
    path("crises/<slug:slug>/team/decide/", views.decide, name="decide"),
    path("crises/<slug:slug>/team/tasks/add/", views.add_task, name="add_task"),
    path("crises/<slug:slug>/team/tasks/<int:task>/assign/", views.assign, name="assign"),
    path("crises/<slug:slug>/team/tasks/<int:task>/finish/", views.finish, name="finish"),
    path("crises/<slug:slug>/team/tasks/<int:task>/drop/", views.drop, name="drop"),
    path("crises/<slug:slug>/team/tasks/<int:task>/resume/", views.resume, name="resume"),
    path("crises/<slug:slug>/team/procedures/<slug:name>/start/", views.start_procedure, name="start_procedure"),
    path("crises/<slug:slug>/team/meeting/", views.meeting, name="meeting"),
]
