"""Addresses of this room."""

from django.urls import path

from alerts.handling import views
from alerts.handling.acts import ACTS

app_name = "emergencies"
urlpatterns = [
    path("emergencies/shelved/", views.shelved, name="shelved"),
    path("emergencies/<str:number>/", views.emergency, name="emergency"),
    path("emergencies/<str:number>/panels/<slug:name>/", views.panel, name="panel"),
    path("emergencies/<str:number>/compare/<str:other>/", views.compare, name="compare"),
    *[path(f"emergencies/<str:number>/{verb}/", views.act, {"verb": verb}, name=verb) for verb in ACTS],
]
