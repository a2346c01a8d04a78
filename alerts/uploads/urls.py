"""Addresses of this room."""

from django.urls import path

from alerts.uploads import views

app_name = "uploads"
urlpatterns = [
    path("api/v1/emergencies/<str:number>/media", views.uploads, name="uploads"),
    path("api/v1/emergencies/<str:number>/media/<uuid:key>", views.upload, name="upload"),
]
