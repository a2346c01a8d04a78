"""Addresses of the ledger, under the name `ledger`."""

from django.urls import path

from alerts.verification import views

app_name = "ledger"
urlpatterns = [
    path("crises/<slug:slug>/matrix/", views.matrix, name="matrix"),
    path("crises/<slug:slug>/choose/<int:figure>/", views.choose, name="choose"),
    path("crises/<slug:slug>/choose/report/<int:number>/", views.choose_row, name="choose-row"),
    path("crises/<slug:slug>/official/<str:key>/", views.history, name="history"),
    path("crises/<slug:slug>/official/<str:key>/withdraw/", views.withdraw, name="withdraw"),
]
