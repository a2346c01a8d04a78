"""Addresses of the ledger of persons, under the name `persons`."""

from django.urls import path

from alerts.bookkeeping import lists, person, views

app_name = "persons"
urlpatterns = [
    path("crises/<slug:slug>/ledger/", views.ledger, name="ledger"),
    path("crises/<slug:slug>/ledger/strip/", views.strip, name="strip"),
    path("crises/<slug:slug>/ledger/enter/", views.enter, name="enter"),
    path("crises/<slug:slug>/ledger/set/", views.set_states, name="set"),
    path("crises/<slug:slug>/ledger/undo/<int:number>/", views.undo, name="undo"),
    path("crises/<slug:slug>/ledger/double/", views.double, name="double"),
    path("crises/<slug:slug>/ledger/list/", lists.new, name="new-list"),
    path("crises/<slug:slug>/ledger/list/<uuid:key>/", lists.preview, name="list"),
    path("crises/<slug:slug>/ledger/persons/<int:pk>/", person.person, name="person"),
    path("crises/<slug:slug>/ledger/persons/<int:pk>/set/", person.set_one, name="set-one"),
]
