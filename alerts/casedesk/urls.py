"""Addresses of this room."""

from django.urls import path

from alerts.casedesk import views

app_name = "cases"
urlpatterns = [
    path("cases/", views.cases, name="list"),
    path("cases/new/", views.new, name="new"),
    path("cases/<str:number>/", views.case, name="case"),
    path("cases/<str:number>/panels/<slug:name>/", views.panel, name="panel"),
    path("cases/<str:number>/persons/", views.persons, name="persons"),
    path("cases/<str:number>/persons/<int:citizen>/", views.person, name="person"),
    *[path(f"cases/<str:number>/{verb}/", views.act, {"verb": verb}, name=verb) for verb in views.ACTS],
]
