from django.urls import path

from pulse import views

app_name = "pulse"
urlpatterns = [
    path("enhet/<int:pk>/puls/", views.pulse, name="pulse"),
    path("enhet/<int:pk>/puls/ny/", views.open_pulse, name="open_pulse"),
    path("puls/<int:pk>/", views.answer_pulse, name="answer_pulse"),
    path("puls/<int:pk>/avslutt/", views.settle_pulse, name="settle_pulse"),
    path("puls/<int:pk>/samtale/", views.note_conversation, name="note_conversation"),
]
