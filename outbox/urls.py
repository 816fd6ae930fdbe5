from django.urls import path

from outbox import views

app_name = "outbox"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/kalender.ics", views.calendar_file, name="calendar_file"),
    path("feilet/", views.failed, name="failed"),
    path("feilet/<int:pk>/send/", views.retry, name="retry"),
    path("paminnelser/", views.reminders, name="reminders"),
    path("paminnelser/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
