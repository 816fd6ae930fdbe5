"""What lies below a seminar under /seminarer/ and is about who came."""

from django.urls import path

from attendance import views

app_name = "attendance"

urlpatterns = [
    path("<int:pk>/deltakere/oppmote/", views.mark, name="mark"),
    path("<int:pk>/deltakere/legg-til/", views.register_other, name="register_other"),
]
