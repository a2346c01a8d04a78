"""Addresses of this room."""

from django.urls import path

from alerts.handover import views

app_name = "handover"
urlpatterns = [
    path("handover/", views.sheet, name="sheet"),
    path("handover/begin/", views.begin, name="begin"),
    path("handover/<int:pk>/", views.handover, name="handover"),
    path("handover/<int:pk>/note/", views.note, name="note"),
    path("handover/<int:pk>/offer/", views.offer, name="offer"),
    path("handover/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("handover/<int:pk>/tick/", views.tick, name="tick"),
    path("handover/<int:pk>/sign/", views.sign, name="sign"),
]
