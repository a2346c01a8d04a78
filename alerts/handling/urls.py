"""Addresses of this room."""

from django.urls import path

from alerts.handling import views

app_name = "emergencies"
urlpatterns = [
    path("emergencies/<str:number>/", views.emergency, name="emergency"),
    path("emergencies/<str:number>/panels/<slug:name>/", views.panel, name="panel"),
    *[path(f"emergencies/<str:number>/{verb}/", views.act, {"verb": verb}, name=verb) for verb in views.ACTS],
]
