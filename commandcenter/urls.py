"""Every address. Pages and endpoints exist once; exercises mount all of them under /exercises/<slug>/."""

from allauth.account import views as account
from django.urls import include, path
from django.views.i18n import set_language

from commandcenter import health, home
from commandcenter.api import api
from commandcenter.live import views as live

urlpatterns = [
    path("", include("commandcenter.dashboard.urls")),
    path("", include("commandcenter.brief.urls")),
    path("", include("commandcenter.wall.urls")),
    path("home/", home.home, name="home"),
    path("", include("alerts.intake.urls")),
    path("", include("alerts.sospage.urls")),
    path("", include("alerts.uploads.urls")),
    path("", include("alerts.evidence.urls")),
    path("", include("alerts.handling.urls")),
    path("", include("alerts.casedesk.urls")),
    path("", include("alerts.casepublic.urls")),
    path("", include("alerts.declarations.urls")),
    path("", include("alerts.crises.urls")),
    path("", include("alerts.teamwork.urls")),
    path("", include("alerts.reportform.urls")),
    path("", include("alerts.verification.urls")),
    path("", include("alerts.bookkeeping.urls")),
    path("", include("alerts.differences.urls")),
    path("", include("alerts.situation.urls")),
    path("", include("alerts.logbook.urls")),
    path("", include("alerts.handover.urls")),
    path("", include("alerts.switchboard.urls")),
    path("", include("alerts.alarms.urls")),
    path("", include("alerts.kpi.urls")),
    path("", include("alerts.exercises.urls")),
    path("", include("missions.urls")),
    path("", include("commandcenter.outbox.urls")),
    path("", include("commandcenter.gateways.urls")),
    path("", include("commandcenter.inbox.urls")),
    path("api/v1/", api.urls),
    path("live/since", live.since, name="live-since"),
    path("live/snapshot", live.snapshot, name="live-snapshot"),
    path("login/", account.login, name="account_login"),
    path("logout/", home.sign_out, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("language/", set_language, name="set_language"),
    path("theme/", home.set_theme, name="set_theme"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("status", health.status, name="status"),
    path("csp/", health.csp_report, name="csp"),
]
