import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

application = get_wsgi_application()

# What is loaded by now stays for good; looking through it again and again for rings of garbage
# costs a rush of a thousand a tenth of its time (docs/adr/0016-speed-of-registration.md).
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
