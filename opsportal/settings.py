"""Settings. Without `DATABASE_URL` the portal is embedded: SQLite, loopback, one process. With it: production."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from opsportal import outgoing
from opsportal.env import BASE_DIR, data_dir, embedded_secret_key, env, given

DATA_DIR = data_dir()
EMBEDDED = not given("DATABASE_URL")
DEBUG = env.bool("DEBUG", default=False)

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not EMBEDDED:
        raise ImproperlyConfigured("Set SECRET_KEY, or SECRET_KEY_FILE, to a long random value.")
    SECRET_KEY = embedded_secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if EMBEDDED else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "allauth.mfa",  # before contacts, whose admin shows its rows without their secrets
    "opsportal.audit",
    "contacts",
    "services",
    "procedures",
    "incidents",
    "opsportal.runbooks",
    "opsportal",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "opsportal.middleware.api_by_token",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "opsportal.middleware.PagesPacked",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "opsportal.middleware.own_time_zone",
]

ROOT_URLCONF = "opsportal.urls"
WSGI_APPLICATION = "opsportal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "opsportal.context.frame",
            ],
        },
    },
]

# The wait for a lock does not help a transaction that turns from reading to writing: IMMEDIATE takes the lock at once.
SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "opsportal.sqlite3",
    "TEST": {"NAME": env.str("OPSPORTAL_TEST_SQLITE", default="") or None},
    "CONN_MAX_AGE": 600,  # opening the file anew costs each request a millisecond
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
}


def _postgres() -> dict[str, Any]:
    database: dict[str, Any] = {**env.db_url("DATABASE_URL"), "CONN_HEALTH_CHECKS": True}
    database["OPTIONS"] = {
        **database.get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=8), "timeout": 5},
        "prepare_threshold": 3,
        "connect_timeout": 5,
    }
    return database


DATABASES = {"default": SQLITE if EMBEDDED else _postgres()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Login limits are counted in the cache, so all web processes share one; in the database it has no outages of its own.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if EMBEDDED
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "opsportal_cache"}
}

AUTH_USER_MODEL = "contacts.User"
AUTHENTICATION_BACKENDS = ["contacts.backend.Logins"]
SESSION_ENGINE = "contacts.sessions"
PASSWORD_HASHERS = ["opsportal.hashers.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "contacts.adapter.ClosedSignup"
ACCOUNT_LOGOUT_ON_GET = False
# Each counted for a minute: five wrong tries for an account, twenty tries from an address.
ACCOUNT_RATE_LIMITS = {"login": "20/m/ip", "login_failed": "20/m/ip,5/m/key"}
# The pages of second factors are our own (`opsportal.views.factors`): allauth's load 14 MB for passkeys at the start.
MFA_ADAPTER = "contacts.factors.Factors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
ACCOUNT_SESSION_REMEMBER = True

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = False
USE_TZ = True

# Embedded, files are served from where they lie: no collectstatic, nothing stale after a pull. Production serves
# what the image build collected, under names that carry a hash.
STATIC_URL = "/static/"
STATIC_ROOT = None if EMBEDDED else env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = EMBEDDED
WHITENOISE_ALLOW_ALL_ORIGINS = False
EVIDENCE_DIR = env.str("EVIDENCE_DIR", default=str(DATA_DIR / "evidence"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": {
        "BACKEND": "opsportal.lib.uploads.PrivateFiles",
        "OPTIONS": {
            "location": EVIDENCE_DIR,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a procedure of 200 steps sends its fields at once
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = [
    "opsportal.lib.uploads.CutOff",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Production speaks HTTPS unless told otherwise. The `__Host-` prefix binds a cookie to this very host (RFC 6265bis).
HTTPS = env.bool("HTTPS", default=not EMBEDDED)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_REDIRECT_EXEMPT = ["^health/"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_SUBDOMAINS", default=HTTPS)
PROXY_SSL_HEADER = env.str("PROXY_SSL_HEADER", default="")
if PROXY_SSL_HEADER:  # only a proxy that sets this header itself, whatever the client sent, may be named
    SECURE_PROXY_SSL_HEADER = (f"HTTP_{PROXY_SSL_HEADER.upper().replace('-', '_')}", "https")

# How many proxies add to X-Forwarded-For before a request arrives: login limits count by the address of the client.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", default=0)

# Messages to people. Links in them need the portal's address, for no request is there that would tell it.
PORTAL_URL = outgoing.portal_url(embedded=EMBEDDED, hosts=ALLOWED_HOSTS, https=HTTPS)
_mail = outgoing.mail()
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port  # without a host, mail is shown in the portal only
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.security == "starttls", _mail.security == "tls"
EMAIL_TIMEOUT = 5  # seconds for one answer of the mail server
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _mail.sender
OUTGOING = outgoing.reach()

BROKER_URL = env.str("REDIS_URL", default="memory://localhost/")
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"polling_interval": 0.1}
    if BROKER_URL.startswith("memory:")
    else {
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 25,
    }
)
CELERY_TASK_DEFAULT_QUEUE = "opsportal"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 110
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # the schedule is code and due times are rows: no file to keep
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
# A doorbell that nobody heard in time is thrown away: the next one is already on its way.
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "heartbeat": {"task": "opsportal.tasks.beat", "schedule": 15, "options": {"expires": 60}},
    "readiness": {"task": "opsportal.tasks.readiness", "schedule": crontab(17, "*/6"), "options": {"expires": 3600}},
    "holidays": {"task": "services.tasks.holidays", "schedule": crontab(23, 4), "options": {"expires": 3600}},
    "reports": {
        "task": "opsportal.tasks.reports",
        "schedule": crontab(minute=11),
        "options": {"expires": 3600},
    },
    "clockwork": {"task": "opsportal.tasks.clockwork", "schedule": 15, "options": {"expires": 30}},
    "watch": {"task": "opsportal.tasks.watch", "schedule": 30, "options": {"expires": 60}},
    "deliver": {"task": "contacts.tasks.deliver", "schedule": 5, "options": {"expires": 5}},
}
CLOCKWORK_SILENCE = 120  # seconds without a heartbeat after which the portal says that nothing runs on time any more

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "opsportal",
    "VERSION": "1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "DEFAULT_GENERATOR_CLASS": "opsportal.api.schema.Generator",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING" if EMBEDDED else "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "waitress.queue": {"level": "ERROR"},  # it warns of each request that has to wait
    },
}
