"""The test settings, with the database and the mail server of the journey that is under way."""

from portal.settings import services
from portal.settings.test import *  # noqa: F403
from portal.settings.test import DATABASES, env

DATABASES["default"]["NAME"] = env.str("JOURNEY_DATABASE")
SITE_URL = env.str("JOURNEY_SITE")
vars().update(services.email(env.str("EMAIL_URL")))
