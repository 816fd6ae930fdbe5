"""For real servers: everything that differs comes from the environment, and must be there."""

from django.core.exceptions import ImproperlyConfigured

from common.log import configuration
from portal.settings import services
from portal.settings.base import *  # noqa: F403
from portal.settings.base import ADMINS, LOG_LEVEL, OIDC_SERVER_URL, env

REQUIRED = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "DEFAULT_FROM_EMAIL",
)

missing = [name for name in REQUIRED if not env.str(name, "").strip()]
if missing:
    raise ImproperlyConfigured(
        f"The portal cannot start before the environment says {', '.join(missing)}."
    )
if env.bool("DEMO", False):
    raise ImproperlyConfigured("DEMO signs anybody in as anybody; production refuses it.")

DEBUG = False
DEMO = False
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS")
SITE_URL = env.str("SITE_URL").rstrip("/")
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must begin with https://: people sign agreements there.")

if OIDC_SERVER_URL and not OIDC_SERVER_URL.startswith("https://"):
    raise ImproperlyConfigured(
        "OIDC_SERVER_URL must begin with https://: what it says of people is taken at its word."
    )

REDIS_URL = env.str("REDIS_URL")
DATABASES = {"default": services.database(env.str("DATABASE_URL"))}
CELERY_BROKER_URL = REDIS_URL
CACHES = services.caches(REDIS_URL)
vars().update(services.email(env.str("EMAIL_URL")))
LOGGING = configuration(
    as_json=env.str("LOG_FORMAT", "json") == "json", level=LOG_LEVEL, mails_admins=bool(ADMINS)
)
SERVER_EMAIL = env.str("SERVER_EMAIL", env.str("DEFAULT_FROM_EMAIL"))

SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", True)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
# Probes and scrapes come from inside, over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^readyz/work$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 60 * 60 * 24 * 365)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# The browser takes a cookie of such a name only over TLS, from this host, for the whole of it: a
# neighbour under the same domain cannot plant one.
SESSION_COOKIE_NAME = "__Host-lederportalen_session"
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_NAME = "__Host-language"
MESSAGE_STORAGE = "portal.message_storage.HostStorage"
# Only when a proxy in front sets this header itself, and drops the one a client sends:
# TRUSTED_PROXY_HEADER="X-Forwarded-Proto".
proxy_header = env.str("TRUSTED_PROXY_HEADER", "")
if proxy_header:
    name = "HTTP_" + proxy_header.upper().replace("-", "_")
    SECURE_PROXY_SSL_HEADER = (name, "https")
