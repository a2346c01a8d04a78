"""Addresses of the outbox."""

from django.urls import path

from commandcenter.outbox import views

app_name = "outbox"
urlpatterns = [
    path("calls/", views.calls, name="calls"),
    path("calls/<int:number>/", views.called, name="called"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<int:number>/", views.decide, name="decide"),
]
