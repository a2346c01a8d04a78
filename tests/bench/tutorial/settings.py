"""As small as the tutorial's; the pub/sub layer, which is the faster one of channels-redis."""

import os

import dj_database_url

SECRET_KEY = "tutorial"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["channels", "tests.bench.tutorial"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "tests.bench.tutorial.views"
ASGI_APPLICATION = "tests.bench.tutorial.asgi.application"
DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [os.environ["REDIS_URL"]]},
    }
}
