"""Addresses of messages that came in."""

from django.urls import path

from commandcenter.inbox import views

app_name = "inbox"
urlpatterns = [
    path("sms/", views.messages, name="list"),
    path("sms/<int:number>/", views.message, name="message"),
    path("sms/<int:number>/done/", views.done, name="done"),
]
