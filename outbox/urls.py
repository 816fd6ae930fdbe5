from django.urls import path

from outbox import tending_views, views

app_name = "outbox"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/kalender.ics", views.calendar_file, name="calendar_file"),
    path("<int:pk>/bilder/<int:number>.png", views.image, name="image"),
    path("feilet/", tending_views.failed, name="failed"),
    path("feilet/<int:pk>/send/", tending_views.retry, name="retry"),
    path("feilet/send-alle/", tending_views.retry_all, name="retry_all"),
    path("feilet/send-tilbakeholdte/", tending_views.release, name="release"),
    path("feilet/la-vaere/", tending_views.discard, name="discard"),
    path("paminnelser/", views.reminders, name="reminders"),
    path("paminnelser/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
