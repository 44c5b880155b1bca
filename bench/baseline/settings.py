"""Settings of the baseline: the portal's database and models, and nothing that is not needed.

`BENCH_MIDDLEWARE=session` adds sessions and logins; without it there is no middleware at all.
"""

from __future__ import annotations

import os
from pathlib import Path

from opsportal import settings as portal

SECRET_KEY = portal.SECRET_KEY
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = portal.DATABASES
DEFAULT_AUTO_FIELD = portal.DEFAULT_AUTO_FIELD
USE_TZ = True
TIME_ZONE = portal.TIME_ZONE
LANGUAGE_CODE = portal.LANGUAGE_CODE
USE_I18N = portal.USE_I18N
AUTH_USER_MODEL = portal.AUTH_USER_MODEL
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]

INSTALLED_APPS = [
    "opsportal.audit",
    "contacts",
    "services",
    "procedures",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "bench.baseline.apps.Account",
    "bench.baseline.apps.Mfa",
    "rest_framework",
]
SESSION = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
MIDDLEWARE = SESSION if os.environ.get("BENCH_MIDDLEWARE") == "session" else []
ROOT_URLCONF = "bench.baseline.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {"context_processors": ["django.contrib.auth.context_processors.auth"]},
    }
]
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
}
STORAGES = portal.STORAGES
LOGGING = portal.LOGGING
