"""What lies under /seminarer/ and is about who came, to a seminar or before the portal."""

from django.urls import path

from attendance import past_views, views

app_name = "attendance"

urlpatterns = [
    path("for-portalen/", past_views.past, name="past"),
    path("<int:pk>/deltakere/oppmote/", views.mark, name="mark"),
    path("<int:pk>/deltakere/legg-til/", views.register_other, name="register_other"),
]
