"""The portal as its server is given it: `granian --interface asginl portal.asgi:application`.

The portal itself is WSGI; docs/adr/0020-web-server.md says what stands between.
"""

from environs import Env

from portal.whole_requests import in_threads
from portal.wsgi import application as wsgi_application

THREADS = Env().int("WEB_THREADS", 4)

application = in_threads(wsgi_application, THREADS)
