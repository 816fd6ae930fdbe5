"""What every installation shares. Values that differ come from the environment."""

from pathlib import Path

from csp.constants import NONE, SELF
from environs import Env

from common import languages, queues
from common.log import configuration
from portal.settings import signing_in
from portal.settings.permissions import PERMISSIONS_POLICY as PERMISSIONS_POLICY
from portal.settings.signing_in import *  # noqa: F403

env = Env()

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var"))).resolve()
ASSETS_DIR = BASE_DIR / "var" / "assets"
FONTS_DIR = BASE_DIR / "var" / "fonts"
"""Third-party CSS, fonts, icons and scripts, laid out from node_modules by script/setup."""

DEMO = False
"""Offers the demo cast on the sign-in page. Only portal.settings.local can set it."""

INSTALLED_APPS = [
    "portal",
    "demo",
    "common",
    "people",
    "accounts",
    "seminars",
    "attendance",
    "missions",
    "pulse",
    "commitments",
    "certificates",
    "evidence",
    "outbox",
    "reminders",
    "reports",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "accounts.oidc",
    "csp",
    "django_htmx",
    "pgtrigger",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "portal.metrics.requests.RequestMetricsMiddleware",
    "portal.request_log.RequestLogMiddleware",
    "portal.middleware.ResponseHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.views.health.ProbeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.compression.CompressPagesMiddleware",
    "portal.request_guard.RequestGuardMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portal.middleware.BackgroundTokenMiddleware",
    "portal.middleware.PersonMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.LanguageMiddleware",
    "portal.error_titles.ErrorTitleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.HtmxRedirectMiddleware",
    "accounts.sessions.SessionAgeMiddleware",
    "portal.middleware.PositionMiddleware",
    "accounts.second_factor.SecondFactorMiddleware",
    "portal.middleware.LostFormMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "common.templatetags.punkt",
                "common.templatetags.components",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.frame",
            ],
        },
    },
]
FORM_RENDERER = "common.forms.PunktRenderer"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"

LANGUAGE_CODE = languages.SOURCE_LANGUAGE
LANGUAGES = list(languages.LANGUAGES.items())
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = "Europe/Oslo"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ASSETS_DIR]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF, *signing_in.FORM_TARGETS],
        "frame-ancestors": [NONE],
        "img-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "lederportalen_session"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE_SECONDS = 60 * env.int("SESSION_IDLE_MINUTES", 120)
"""How long somebody may be away from the screen and still be signed in."""
SESSION_LONGEST_SECONDS = 60 * 60 * env.int("SESSION_LONGEST_HOURS", 10)
"""How long they are signed in at most, a working day, however busy they are."""
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_QUEUES = queues.declared()
CELERY_TASK_DEFAULT_QUEUE = queues.DUTIES
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": 2,
    # A worker empties the queues it was given in the order of their names (common/queues.py).
    "queue_order_strategy": "sorted",
}
"""A page does not wait for a broker that is away: Celery's own patience is six seconds a task, and
the sweeps find what was not handed over. A worker's patience is another setting."""
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

admins: list[str] = env.list("ADMINS", [])
ADMINS = [(address, address) for address in admins]
"""Who is told of errors by letter: what the log says, and no more."""
TRUSTED_REQUEST_ID_HEADER = env.str("TRUSTED_REQUEST_ID_HEADER", "")
"""X-Request-ID, where a proxy in front makes one for each request and drops the client's own."""
LOG_LEVEL = env.str("LOG_LEVEL", "INFO").upper()
LOGGING = configuration(
    as_json=env.str("LOG_FORMAT", "text") == "json", level=LOG_LEVEL, mails_admins=bool(ADMINS)
)

METRICS_TOKEN = env.str("METRICS_TOKEN", "").strip()
"""What must be shown to read `/metrics`; without one there is no such page."""

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Lederportalen <lederportalen@example.org>")
"""Also the ORGANIZER of every calendar part: a mailbox of the portal, never the recipient."""
SITE_URL = env.str("SITE_URL", "http://localhost:8000")
"""Where links in letters lead; letters are written outside any request."""
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", "")
SUPPORT_PHONE = env.str("SUPPORT_PHONE", "")
"""Whom one asks about the portal itself: at the foot of every page, on the pages of errors, and
where somebody is let in nowhere."""
MAP_URL = env.str("MAP_URL", "https://www.openstreetmap.org/search?query={place}")
"""Where a map is looked up for the place of a seminar, `{place}` being the address: a link alone,
and nothing is asked of it. Empty for no link."""
PERSON_SEARCHES_A_MINUTE = env.int("PERSON_SEARCHES_A_MINUTE", 120)
"""By one person: nobody reads the municipality through a field for one name."""
ACCESSIBILITY_STATEMENT_URL = env.str("ACCESSIBILITY_STATEMENT_URL", "")
"""The municipality's statement about the portal in uutilsynet's own form, at uustatus.no."""
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_URL.startswith("http://localhost")

AGREEMENT_RETENTION_YEARS = env.int("AGREEMENT_RETENTION_YEARS", 5)
"""How long an ended agreement is kept; a year at least, which the database sees to as well."""

STAFF_IMPORT_LIMITS: dict[str, str] = env.dict("STAFF_IMPORT_LIMITS", {})
"""How much of a kind an import may change before it stops, where not as `judging.LIMITS` has it: a
percentage and a number that always may, «leaders_ended=5/10,units_moved=20/10»."""
STAFF_IMPORT_SET_ASIDE_PERCENT = env.float("STAFF_IMPORT_SET_ASIDE_PERCENT", 2.0)
STAFF_IMPORT_SET_ASIDE_ROWS = env.int("STAFF_IMPORT_SET_ASIDE_ROWS", 20)
"""A staff file of which more rows than both cannot be read is not imported at all."""
PARTICIPATION_IMPORT_SET_ASIDE_PERCENT = env.float("PARTICIPATION_IMPORT_SET_ASIDE_PERCENT", 2.0)
PARTICIPATION_IMPORT_SET_ASIDE_ROWS = env.int("PARTICIPATION_IMPORT_SET_ASIDE_ROWS", 20)
"""The same of a file of past participation."""
PARTICIPATION_IMPORT_UNKNOWN_PERCENT = env.float("PARTICIPATION_IMPORT_UNKNOWN_PERCENT", 50.0)
"""Nor is one of which more rows, and more than the few, are of people whom nobody knows."""

SEAL_CERTIFICATE = env.str("SEAL_CERTIFICATE", "")
"""A PEM file: the certificate that agreements are sealed with, then its issuers."""
SEAL_KEY = env.str("SEAL_KEY", "")
SEAL_KEY_PASSPHRASE = env.str("SEAL_KEY_PASSPHRASE", "")
SEAL_TIMESTAMP_URL = env.str("SEAL_TIMESTAMP_URL", "")
"""A time stamp service (RFC 3161); without one the portal's own clock says when."""
SEAL_SELF_SIGNED_DIR = ""
"""Where a certificate is made when none is named. Only the demo's settings and the tests' say."""

BADGE_KEY = env.str("BADGE_KEY", "")
"""A PEM file: the Ed25519 key that certificates are signed with as digital badges."""
BADGE_KEY_PASSPHRASE = env.str("BADGE_KEY_PASSPHRASE", "")
BADGE_RETIRED_KEYS: list[str] = env.list("BADGE_RETIRED_KEYS", [])
"""PEM files with the public halves of keys that were used before: what they signed stays good."""
BADGE_KEY_SELF_MADE_DIR = ""
"""Where a key is made when none is named. Only the demo's settings and the tests' say."""
