"""Addresses of this room."""

from django.urls import path
from django.views.decorators.gzip import gzip_page

from alerts.intake import views

app_name = "intake"
urlpatterns = [path("sos/", gzip_page(views.sos), name="sos")]
