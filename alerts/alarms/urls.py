"""Addresses of alarms, under the name `alarms`."""

from django.urls import path

from alerts.alarms import views

app_name = "alarms"
urlpatterns = [
    path("alarms/", views.alarms, name="alarms"),
    path("alarms/ribbon/", views.ribbon, name="ribbon"),
    path("alarms/<int:pk>/take/", views.take, name="take"),
    path("alarms/clocks/<int:pk>/", views.clock, name="clock"),
]
