"""For pytest: embedded servers of their own, quick to hash a password, nothing eager or faked."""

from devtools.embedded import Places
from portal.settings import services
from portal.settings.base import *  # noqa: F403
from portal.settings.base import LOGGING, STORAGES, VAR_DIR, env

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"

VAR_DIR = VAR_DIR / "test"
MEDIA_ROOT = VAR_DIR / "media"
STATIC_ROOT = VAR_DIR / "static"

SEAL_SELF_SIGNED_DIR = str(VAR_DIR / "seal")
BADGE_KEY_SELF_MADE_DIR = str(VAR_DIR / "badge")
BADGE_KEY = BADGE_KEY_PASSPHRASE = ""
BADGE_RETIRED_KEYS = []
SEAL_CERTIFICATE = SEAL_KEY = SEAL_KEY_PASSPHRASE = SEAL_TIMESTAMP_URL = ""

EMBEDDED = Places(VAR_DIR)
DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "")
DATABASES = {
    "default": services.database(DATABASE_URL)
    if DATABASE_URL
    else services.embedded_database(EMBEDDED.database)
}
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["ENGINE"] = "tests.postgresql"
# pytest's processes share one Valkey: emptying one's cache must not empty the other's.
WORKER = int(env.str("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
CELERY_BROKER_URL = REDIS_URL or EMBEDDED.broker_url_of(2 * WORKER)
CACHES = services.caches(REDIS_URL or EMBEDDED.cache_url_of(2 * WORKER + 1))

# The mail servers of tests are dropped, stopped and lied to, and say so for each.
LOGGING["loggers"]["mail"] = {"level": "CRITICAL"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Pages must render where nobody has run collectstatic.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
