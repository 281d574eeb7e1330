"""Settings of the clinic. Everything that differs between two installations comes from the environment."""
from __future__ import annotations

from pathlib import Path

from waterneedle.config.environment import env_bool, env_database, env_int, env_list, env_secret, env_text

DATA = Path(env_text("WATERNEEDLE_DATA", "waterneedle-data")).resolve()  # the SQLite file and the keys of this installation
DEMO = env_bool("WATERNEEDLE_DEMO")  # invented patients, known passwords; never for real ones
DEBUG = env_bool("WATERNEEDLE_DEBUG")
SECRET_KEY = env_secret("WATERNEEDLE_SECRET_KEY", made_at=DATA / "secret_key")
ALLOWED_HOSTS = env_list("WATERNEEDLE_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
TLS = env_bool("WATERNEEDLE_TLS")  # browsers reach this server through https: secure cookies, HSTS

# The rooms of the clinic, lowest first. Each has `urls.py`, mounted below /c/<clinic>/<room>/ (see config/urls.py).
ROOMS = (
    "audit",
    "web",
    "accounts",
    "patients",
    "practitioners",
    "outbox",
    "tasks",
    "intake",
    "stock",
    "home",
)
INSTALLED_APPS = [
    *(f"waterneedle.clinic.{room}" for room in ROOMS),  # first: their templates stand before those of the libraries
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "waterneedle.clinic.audit.middleware.FromWhere",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "waterneedle.clinic.web.middleware.ReaderLanguage",
    "waterneedle.clinic.accounts.middleware.DeclaredAccess",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "waterneedle.config.urls"
WSGI_APPLICATION = "waterneedle.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "waterneedle.clinic.accounts.context.clinic",
                "waterneedle.clinic.web.context.look",
            ],
        },
    },
    # Hot pages and fragments, compiled: <room>/jinja2/
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "waterneedle.clinic.web.jinja.environment"},
    },
]

DATABASES = {"default": env_database("DATABASE_URL", DATA / "waterneedle.sqlite3") | {"ATOMIC_REQUESTS": False}}
if DATABASES["default"]["ENGINE"] == "waterneedle.clinic.database.sqlite":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 10,
        "transaction_mode": "IMMEDIATE",
        # recursive_triggers: without it INSERT OR REPLACE deletes a row that a trigger protects.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env_int("WATERNEEDLE_DATABASE_KEEP_S", 600)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The trail: its keys lie outside the database (a file that is made once, or the document itself from a secret store),
# and its signed heads go to a second place, best one that this machine can write to and not take back.
AUDIT_KEYS = env_text("WATERNEEDLE_AUDIT_KEYS")
AUDIT_KEY_FILE = Path(env_text("WATERNEEDLE_AUDIT_KEY_FILE", str(DATA / "audit_keys.json")))
AUDIT_HEADS_FOLDER = env_text("WATERNEEDLE_AUDIT_HEADS_FOLDER")
AUDIT_HEADS_MAIL = env_text("WATERNEEDLE_AUDIT_HEADS_MAIL")

# --- mail: everything goes through the outbox, which hands it to this server, or into a folder to try things out
EMAIL_BACKEND = "waterneedle.clinic.outbox.backend.OutboxBackend"
OUTBOX_FOLDER = env_text("WATERNEEDLE_MAIL_FOLDER", str(DATA / "mail") if DEMO else "")
EMAIL_HOST = env_text("WATERNEEDLE_SMTP_HOST")
EMAIL_PORT = env_int("WATERNEEDLE_SMTP_PORT", 587)
EMAIL_HOST_USER = env_text("WATERNEEDLE_SMTP_USER")
EMAIL_HOST_PASSWORD = env_secret("WATERNEEDLE_SMTP_PASSWORD", shortest=1) if EMAIL_HOST_USER else ""
EMAIL_USE_TLS = env_bool("WATERNEEDLE_SMTP_STARTTLS", EMAIL_PORT == 587)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env_text("WATERNEEDLE_MAIL_FROM", "waterneedle@localhost")
PUBLIC_URL = env_text("WATERNEEDLE_URL", "http://localhost:8000").rstrip("/")  # what links in mails begin with

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "clinics"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]  # the words of the bar; each room has its own
FORMAT_MODULE_PATH = "waterneedle.clinic.web.formats"
TIME_ZONE = "UTC"  # of the server; each clinic has its own
USE_TZ = True
FORM_RENDERER = "waterneedle.clinic.web.forms.Renderer"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # in no cookie: a message may be about a patient
ACTIVITIES = "waterneedle.config.activities.ACTIVITIES"
SEARCH_ROUTE = "patients:find"  # takes a POST of `q`
CSRF_FAILURE_VIEW = "waterneedle.clinic.web.views.refused"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "waterneedle.clinic.web.files.VersionedFiles"},
}
STATIC_ROOT = DATA / "static"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = True
