"""Every address of the portal: paths in Norwegian, names in English."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.urls import include, path

from accounts.roles import views as roles
from demo import views as demo_views
from portal.views import home, information, language
from portal.views.metrics import metrics
from portal.views.own_data import own_data
from portal.views.team import team

urlpatterns = [
    path("", home.home, name="home"),
    path("medarbeidere/", team, name="team"),
    path("seminarer/", include("seminars.urls")),
    path("seminarer/", include("attendance.urls")),
    path("", include("certificates.urls")),
    path("oppdrag/", include("missions.urls")),
    path("oppdrag/", include("pulse.urls")),
    path("avtaler/", include("commitments.urls")),
    path("brev/", include("outbox.urls")),
    path("rapporter/", include("reports.urls")),
    path("folk/", include("people.urls")),
    path("folk/enhet/<int:pk>/gi-rolle/", roles.grant_role, name="grant_role"),
    path("folk/roller/<int:pk>/avslutt/", roles.end_role, name="end_role"),
    path("konto/opplysninger/", reauthentication_required(own_data), name="own_data"),
    path("konto/", include("accounts.urls")),
    path("sprak/", language.switch, name="language"),
    path("personvern/", information.privacy, name="privacy"),
    path("tilgjengelighet/", information.accessibility, name="accessibility"),
    path("metrics", metrics, name="metrics"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/logg-inn/", demo_views.sign_in, name="demo_sign_in"))
    urlpatterns.append(path("demo/folk/", demo_views.find, name="demo_find"))

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"
