"""Addresses of push messages."""

from django.urls import path

from commandcenter.gateways import views

app_name = "gateways"
urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/devices/", views.add_device, name="add-device"),
    path("notifications/devices/<int:number>/", views.drop_device, name="drop-device"),
    path("notifications/test/", views.test, name="test"),
    path("notifications/shown/", views.shown, name="shown"),
    path("push-worker.js", views.worker, name="worker"),
]
