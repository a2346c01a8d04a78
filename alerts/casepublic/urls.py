"""Addresses of this room."""

from django.urls import path

from alerts.casepublic import views

app_name = "casepublic"
urlpatterns = [
    path("public/case/", views.form, name="form"),
    path("public/case/received/<str:token>/", views.received, name="received"),
    path("public/case/status/", views.status, name="status"),
    path("public/case/status/<str:token>/", views.own, name="own"),
]
