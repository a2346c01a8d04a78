"""Addresses of this room."""

from django.urls import path

from alerts.evidence import views

app_name = "evidence"
urlpatterns = [
    path("emergencies/<str:number>/media/", views.files, name="files"),
    path("emergencies/<str:number>/media/<uuid:key>/", views.file, name="file"),
    path("emergencies/<str:number>/media/<uuid:key>/original/", views.original, name="original"),
    path("media/<str:token>", views.part, name="part"),
]
