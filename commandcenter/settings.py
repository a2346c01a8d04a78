"""Settings: everything comes from the environment; a bad value refuses to start."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from commandcenter import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = env.var_folder(BASE_DIR)

SECRET_KEY = env.secret_key(VAR)
DEBUG = False
DEMO = env.flag("DCC_DEMO")
PORT = env.whole("PORT", 8000, low=1, high=65535)
SECURE = env.flag("DCC_HTTPS")
# How many proxies stand before this server, each adding the address it saw to X-Forwarded-For (reliability.md D3).
PROXY_HOPS = env.whole("PROXY_HOPS", 0, low=0, high=5)
ALLOWED_HOSTS = env.items("DCC_HOSTS", "localhost,127.0.0.1,[::1]")
MEETING_URL = env.template("DCC_MEETING_URL", "key", "slug")
ORIGINS = env.origins("DCC_ORIGINS", f"http://localhost:{PORT},http://127.0.0.1:{PORT},http://[::1]:{PORT}")
CSRF_TRUSTED_ORIGINS = ORIGINS

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "leaflet",
    "csp",
    "ninja",
    "django_htmx",
    "allauth",
    "allauth.account",
    "commandcenter.apps.CommandCenterConfig",
    "missions.apps.MissionsConfig",
    "alerts.apps.AlertsConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "commandcenter.problems.ProblemMiddleware",
    "alerts.exercises.middleware.ExerciseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "commandcenter.access.middleware.IndonesianFirst",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "commandcenter.access.middleware.ReaderMiddleware",
]

ROOT_URLCONF = "commandcenter.urls"
ASGI_APPLICATION = "commandcenter.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "commandcenter.access.context.reader",
                "commandcenter.live.context.live",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    """SQLite in WAL with IMMEDIATE transactions, or PostgreSQL with a pool (reliability.md S1, L6)."""
    url = env.text("DATABASE_URL")
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(url or f"sqlite:///{VAR}/dcc.sqlite3"))
    except Exception as error:
        raise ImproperlyConfigured("DATABASE_URL can't be read.") from error
    options = database.setdefault("OPTIONS", {})
    if "sqlite" in str(database["ENGINE"]):
        options.update(
            timeout=20,
            transaction_mode="IMMEDIATE",
            init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        )
        database["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
    elif "postgresql" in str(database["ENGINE"]):
        database.update(CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=True)
        options["pool"] = {"min_size": 0, "max_size": env.whole("DCC_POOL", 16, low=1, high=200), "timeout": 3}
        options["connect_timeout"] = 3
        # pg_stat_activity then says which process a connection belongs to.
        options["application_name"] = f"dcc-{os.getpid()}"
        database["TEST"] = {"NAME": "test_dcc"}
    else:
        raise ImproperlyConfigured("DATABASE_URL must name SQLite or PostgreSQL.")
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# bin/run puts its own Redis there; one that merely listens on the standard port is never used.
REDIS_URL = env.text("REDIS_URL", f"unix://{VAR}/redis.sock")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "commandcenter_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Celery spells a Unix socket in its own way.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")

AUTH_USER_MODEL = "commandcenter.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "commandcenter.access.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/login/"
ACCOUNT_SESSION_REMEMBER = False

# The doors outward (commandcenter/gateways). Without a gateway SMS is "not available" and never shown as sent.
SMS = env.one_of("DCC_SMS", "recording" if DEMO else "", {"recording"})
SMS_SECRET = env.gateway_secret("DCC_SMS_SECRET", VAR, "sms_secret")
SMS_FROM = env.networks("DCC_SMS_FROM", "127.0.0.1,::1")
# The telephone exchange of the hotline; without it every call is typed in by hand.
EXCHANGE = env.flag("DCC_EXCHANGE")
EXCHANGE_SECRET = env.gateway_secret("DCC_EXCHANGE_SECRET", VAR, "exchange_secret")
EXCHANGE_FROM = env.networks("DCC_EXCHANGE_FROM", "127.0.0.1,::1")
EXCHANGE_KEY = env.signing_key("DCC_EXCHANGE_KEY")
PUSH_HOSTS = env.items(
    "DCC_PUSH_HOSTS",
    "fcm.googleapis.com,updates.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com",
)
PUSH_KEY = env.text("DCC_PUSH_KEY")
SOS_SMS = env.telephone("DCC_SOS_SMS")
PUSH_CONTACT = env.text("DCC_PUSH_CONTACT", "mailto:dcc@localhost.localdomain")

# Photographs and films (alerts/media): where they lie, the key that seals them, and what stays free for the database.
MEDIA_STORE = env.folder_of("DCC_MEDIA", VAR / "media")
MEDIA_KEY = env.media_key("DCC_MEDIA_KEY", VAR)
MEDIA_RESERVE = env.whole("DCC_MEDIA_RESERVE_MB", 300, low=0, high=10_000_000) * 1_000_000

SESSION_ENGINE = "commandcenter.access.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "dcc_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# 'self' covers wss in Chromium; Safari needs the host. A CSP source can't name an IPv6 address.
_sockets = [origin.replace("http", "ws", 1) for origin in ORIGINS if "[" not in origin]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "blob:"],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *_sockets],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "report-uri": ["/csp/"],
    }
}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "commandcenter" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "commandcenter.static.HashedModules"},
}
WHITENOISE_MAX_AGE = 31_536_000

LEAFLET_CONFIG = {
    "TILES": [],
    "MIN_ZOOM": 2,
    "MAX_ZOOM": 16,
    "DEFAULT_CENTER": (5, 90),
    "DEFAULT_ZOOM": 3,
    "SCALE": "metric",
    "MINIMAP": False,
    "RESET_VIEW": False,
    "ATTRIBUTION_PREFIX": "Natural Earth",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {
        "without_keys": {"()": "commandcenter.access.logs.WithoutKeys"},
        "brief": {"()": "commandcenter.access.logs.Brief"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_keys", "brief"]}
    },
    "root": {"handlers": ["console"], "level": env.text("DCC_LOG", "INFO").upper()},
    "loggers": {"httpx": {"level": "WARNING"}, "daphne.http_protocol": {"level": "WARNING"}},
}
