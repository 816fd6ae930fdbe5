"""What lies under /kursbevis/, a seminar's own page of them, and who issues digital badges."""

from django.urls import path

from certificates import badge_views, desk_views, own_views, public_views

app_name = "certificates"

urlpatterns = [
    path("kursbevis/", public_views.start, name="start"),
    path("kursbevis/mine/", own_views.own, name="own"),
    path("kursbevis/mine/<int:pk>/fil/", own_views.document, name="document"),
    path("kursbevis/mine/<int:pk>/nytt/", own_views.renew, name="renew"),
    path("kursbevis/mine/<int:pk>/merke/", badge_views.badge, name="badge"),
    path("kursbevis/merker/status/<int:number>/", badge_views.status_list, name="badge_status"),
    path(".well-known/did.json", badge_views.issuer, name="badge_issuer"),
    path("kursbevis/<slug:number>/", public_views.check, name="check"),
    path("seminarer/<int:pk>/kursbevis/", desk_views.desk, name="desk"),
    path("seminarer/<int:pk>/kursbevis/utsted/", desk_views.issue, name="issue"),
    path("seminarer/<int:pk>/kursbevis/mitt/", own_views.get, name="get"),
]
