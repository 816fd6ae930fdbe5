"""For a machine without servers of its own: the demo, on embedded PostgreSQL and Valkey.

Not a debug mode: pages, static files and errors are what production shows.
"""

import secrets
from pathlib import Path

from devtools.embedded import Places
from portal.settings import services
from portal.settings.base import *  # noqa: F403
from portal.settings.base import VAR_DIR, env

DEBUG = False
DEMO = True

HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
SITE_URL = env.str("SITE_URL", f"http://localhost:{PORT}")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])


def kept_secret(path: Path) -> str:
    """Made once, so that a restart signs nobody out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii")


SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret(VAR_DIR / "secret_key")

SEAL_SELF_SIGNED_DIR = str(VAR_DIR / "seal")
BADGE_KEY_SELF_MADE_DIR = str(VAR_DIR / "badge")

EMBEDDED = Places(VAR_DIR)
DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "")
EMAIL_URL = env.str("EMAIL_URL", "")

DATABASES = {
    "default": services.database(DATABASE_URL)
    if DATABASE_URL
    else services.embedded_database(EMBEDDED.database)
}
CELERY_BROKER_URL = REDIS_URL or EMBEDDED.broker_url
CACHES = services.caches(REDIS_URL or EMBEDDED.cache_url)
# script/server gives its processes the EMAIL_URL of its own catcher.
vars().update(
    services.email(EMAIL_URL) if EMAIL_URL else services.email_to_files(VAR_DIR / "mail-files")
)
