"""Addresses of this room: under the page, which is the worker's scope. Small on the line: nothing in them is secret."""

from django.urls import path
from django.views.decorators.gzip import gzip_page

from alerts.sospage import views

app_name = "sospage"
urlpatterns = [
    path("sos/worker.js", gzip_page(views.worker), name="worker"),
    path("sos/numbers.json", gzip_page(views.numbers), name="numbers"),
    path("sos/<slug:language>.webmanifest", gzip_page(views.manifest), name="manifest"),
    path("sos/<slug:language>/", gzip_page(views.page), name="page"),
]
