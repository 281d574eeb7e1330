"""Settings of the clinic. Everything that differs between two installations comes from the environment."""
from __future__ import annotations

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from waterneedle.config.environment import env_bool, env_command, env_database, env_int, env_list, env_secret, env_text

DATA = Path(env_text("WATERNEEDLE_DATA", "waterneedle-data")).resolve()  # the SQLite file and the keys of this installation
DEMO = env_bool("WATERNEEDLE_DEMO")  # invented patients, known passwords; never for real ones
DEBUG = env_bool("WATERNEEDLE_DEBUG")
SECRET_KEY = env_secret("WATERNEEDLE_SECRET_KEY", made_at=DATA / "secret_key")
ALLOWED_HOSTS = env_list("WATERNEEDLE_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
TLS = env_bool("WATERNEEDLE_TLS")  # browsers reach this server through https: secure cookies, HSTS
PROXIES = env_int("WATERNEEDLE_PROXIES", 0)  # how many proxies stand in front and set X-Forwarded-For and -Proto

# --- rooms, lowest first. Each has `urls.py`, mounted below /c/<clinic>/<room>/ (see config/urls.py).
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
    "appointments",
    "visits",
    "courses",
    "followup",
    "home",
    "training",
    "trials",
    "exports",
)
APPS = (*(f"waterneedle.clinic.{room}" for room in ROOMS), "waterneedle.api")
INSTALLED_APPS = [
    *APPS,  # first: their templates stand in for those of the libraries
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
]
MIDDLEWARE = [
    "waterneedle.clinic.outbox.waking.PeopleFirst",
    "waterneedle.config.proxies.BehindProxies",
    "waterneedle.clinic.web.middleware.Short",
    "waterneedle.clinic.accounts.middleware.Headers",
    "waterneedle.clinic.audit.middleware.FromWhere",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "waterneedle.clinic.web.middleware.Policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "waterneedle.clinic.accounts.middleware.SessionLimits",
    "waterneedle.clinic.web.middleware.ReaderLanguage",
    "allauth.account.middleware.AccountMiddleware",
    "waterneedle.clinic.accounts.middleware.DeclaredAccess",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "waterneedle.clinic.web.middleware.FormsAlone",
    "waterneedle.clinic.web.middleware.Busy",
]
ROOT_URLCONF = "waterneedle.config.urls"
WSGI_APPLICATION = "waterneedle.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["waterneedle.clinic.web.templatetags.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
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

# --- rows
DATABASES = {"default": env_database("DATABASE_URL", DATA / "waterneedle.sqlite3") | {"ATOMIC_REQUESTS": False}}
if DATABASES["default"]["ENGINE"] == "waterneedle.clinic.database.sqlite":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 10,
        "transaction_mode": "IMMEDIATE",
        "cached_statements": 512,  # a page of a visit has some seventy, and none is to be read by SQLite twice
        # recursive_triggers: without it INSERT OR REPLACE deletes a row that a trigger protects. mmap_size: what is read often is
        # read where the system keeps it, without a copy for every connection; that is a quarter of a recall's time.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; "
                        "PRAGMA mmap_size=2147418112;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None  # a file does not go away
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env_int("WATERNEEDLE_DATABASE_KEEP_S", 600)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counts of failed sign-ins and codes that are used up: shared by all processes, and still there after a restart.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_counter"}}

# The trail: its keys lie outside the database (a file that is made once, or the document itself from a secret store),
# and its signed heads go to a second place, best one that this machine can write to and not take back.
AUDIT_KEYS = env_text("WATERNEEDLE_AUDIT_KEYS")
AUDIT_KEY_FILE = Path(env_text("WATERNEEDLE_AUDIT_KEY_FILE", str(DATA / "audit_keys.json")))
AUDIT_HEADS_FOLDER = env_text("WATERNEEDLE_AUDIT_HEADS_FOLDER")
AUDIT_HEADS_MAIL = env_text("WATERNEEDLE_AUDIT_HEADS_MAIL")

# Backups: one a night when a folder is named, best one of another machine. The key belongs on a third place as well: without it
# no backup opens.
BACKUP_FOLDER = env_text("WATERNEEDLE_BACKUP_FOLDER")
BACKUP_KEY_FILE = Path(env_text("WATERNEEDLE_BACKUP_KEY_FILE", str(DATA / "backup_key")))
REGISTRY_KEY_FILE = Path(env_text("WATERNEEDLE_REGISTRY_KEY_FILE", str(DATA / "registry_key")))
BACKUP_KEEP = env_int("WATERNEEDLE_BACKUP_KEEP", 30, lowest=1)  # how many; the oldest go

# --- mail: everything goes through the outbox, which hands it to this server, or into a folder to try things out
EMAIL_BACKEND = "waterneedle.clinic.outbox.backend.OutboxBackend"
EXTRACTS_FOLDER = Path(env_text("WATERNEEDLE_EXTRACTS_FOLDER", str(DATA / "extracts")))  # until they were taken, a day at most
OUTBOX_FOLDER = env_text("WATERNEEDLE_MAIL_FOLDER", str(DATA / "mail") if DEMO else "")
EMAIL_HOST = env_text("WATERNEEDLE_SMTP_HOST")
EMAIL_PORT = env_int("WATERNEEDLE_SMTP_PORT", 587)
EMAIL_HOST_USER = env_text("WATERNEEDLE_SMTP_USER")
EMAIL_HOST_PASSWORD = env_secret("WATERNEEDLE_SMTP_PASSWORD", shortest=1) if EMAIL_HOST_USER else ""
EMAIL_USE_TLS = env_bool("WATERNEEDLE_SMTP_STARTTLS", EMAIL_PORT == 587)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env_text("WATERNEEDLE_MAIL_FROM", "waterneedle@localhost")
RETURNED_MAIL = env_text("WATERNEEDLE_RETURNED_MAIL")  # a Maildir that the mailbox of the sender delivers into; empty: none
PRINT = env_command("WATERNEEDLE_PRINT")  # the command that prints the papers of the morning; empty: the page asks for them
PUBLIC_URL = env_text("WATERNEEDLE_URL", "http://localhost:8000").rstrip("/")  # what links in mails begin with

# SMS: a service that takes one signed request for each message (docs/operate.md); empty: there is none.
SMS_URL = env_text("WATERNEEDLE_SMS_URL")
SMS_SECRET = env_secret("WATERNEEDLE_SMS_SECRET", shortest=16) if SMS_URL else ""
if SMS_URL and not SMS_URL.startswith(("https://", "http://localhost:", "http://127.0.0.1:")):
    raise ImproperlyConfigured("WATERNEEDLE_SMS_URL must begin with https://: messages hold a link")

# --- other programs
API_PER_MINUTE = env_int("WATERNEEDLE_API_PER_MINUTE", 120, lowest=1)  # requests of one token

# --- who is who
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["waterneedle.clinic.accounts.backends.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "clinics"
CLINIC_START = "home:today"  # the page of a clinic that signing in leads to
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "waterneedle.clinic.accounts.passwords.LengthValidator"},
    {"NAME": "waterneedle.clinic.accounts.passwords.NearbyWordsValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SECOND_FACTOR_REQUIRED = not DEMO
IDLE_MINUTES = env_int("WATERNEEDLE_IDLE_MINUTES", 15, lowest=1)
IDLE_MINUTES_PHONE = env_int("WATERNEEDLE_IDLE_MINUTES_PHONE", 5, lowest=1)  # never longer than the other
SESSION_HOURS = env_int("WATERNEEDLE_SESSION_HOURS", 12, lowest=1)
BREAK_GLASS_MINUTES = 60
INVITATION_DAYS = 7

ACCOUNT_ADAPTER = "waterneedle.clinic.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is proved by the invitation that was sent to it
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_METHODS = {"password", "mfa"}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,60/15m/ip", "login": "60/m/ip"}  # key: account and address together
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if TLS else "http"
MFA_ADAPTER = "waterneedle.clinic.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]  # and recovery codes of ours: the library's could be read again (accounts/recovery.py)
MFA_FORMS = {
    "authenticate": "waterneedle.clinic.accounts.codes.CodeForm",
    "reauthenticate": "waterneedle.clinic.accounts.codes.CodeAgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Waterneedle"
MFA_TOTP_TOLERANCE = 0
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS  # http://localhost only: browsers have no passkeys on any other http address
MFA_WEBAUTHN_USER_VERIFICATION = "required"
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letters to strangers
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False

# --- words and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]  # the words of the bar; each room has its own
FORMAT_MODULE_PATH = "waterneedle.clinic.web.formats"
TIME_ZONE = "UTC"  # of the server; each clinic has its own
USE_TZ = True

# --- pages
FORM_RENDERER = "waterneedle.clinic.web.forms.Renderer"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # in no cookie: a message may be about a patient
ACTIVITIES = "waterneedle.config.activities.ACTIVITIES"
ALARM = "waterneedle.config.activities.ALARM"  # stands in the bar of every page without a patient
ALARM_ROUTE_OUTSIDE = "reacted"  # the same on a page of no clinic
SEARCH_ROUTE = "patients:find"  # takes a POST of `q`
PATIENT_ROUTE = "patients:patient"  # takes `patient`, its uid

# --- files
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "waterneedle.clinic.web.files.VersionedFiles"},
}
WHITENOISE_USE_FINDERS = True  # straight from the rooms; nothing is collected
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
BODY = Path(__file__).parent.parent / "body"  # the chart lies below Django, and is served as it is
STATICFILES_DIRS = [("body", BODY / "static"), ("pack", BODY / "pack")]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder", "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "waterneedle.clinic.web.joined.JoinedStyles",
]
# One sheet for what every page needs; see web/joined.py.
STYLES = {"web/css/page.css": [
    "web/css/tokens.css", "web/css/base.css", "web/css/layout.css", "web/css/components.css", "web/css/print.css",
    "accounts/css/session.css",
]}
STYLES_FOLDER = DATA / "styles"
# Scripts from elsewhere, by the name under which they are imported; see web/scripts.py.
MODULES = {"body/chart": "body/chart.js", "three": "body/vendored/three/three.module.min.js", "body": "body/"}

# --- the browser's side
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],  # the nonce is for the import map
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
SESSION_ENGINE = "waterneedle.clinic.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-staff" if TLS else "staff"  # patients' links have a cookie of their own: both open in one browser
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "waterneedle.clinic.web.views.refused"
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if PROXIES and not TLS:
    raise ImproperlyConfigured("WATERNEEDLE_PROXIES is set and WATERNEEDLE_TLS is not: a proxy must speak https to browsers")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- logs: one line for each thing, without patients, bodies of requests or local variables
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"plain": {"()": "waterneedle.config.logs.NoRequestDetails"}},
    "formatters": {"line": {"()": "waterneedle.config.logs.OneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["plain"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},  # else it writes the ids of passkeys
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
