"""Addresses of rosters, under the name `roster`."""

from django.urls import path

from missions.planning import views

app_name = "roster"
urlpatterns = [
    path("roster/", views.overview, name="overview"),
    path("roster/now/", views.on_duty, name="now"),
    path("roster/places/<slug:place>/", views.week, name="week"),
    path("roster/places/<slug:place>/plan/", views.plan, name="plan"),
    path("roster/places/<slug:place>/copy/", views.copy, name="copy"),
    path("roster/shifts/<int:pk>/", views.shift, name="shift"),
    path("roster/shifts/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("roster/shifts/<int:pk>/swap/", views.swap, name="swap"),
    path("roster/swaps/<int:pk>/<slug:verb>/", views.answer, name="answer"),
    path("roster/tested/", views.tested, name="tested"),
    path("roster/calendars/", views.calendar_make, name="calendar_make"),
    path("roster/calendars/<int:pk>/revoke/", views.calendar_revoke, name="calendar_revoke"),
    path("roster/calendar/<str:token>.ics", views.calendar, name="calendar"),
]
