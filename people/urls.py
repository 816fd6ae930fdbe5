from django.urls import path

from people import views

app_name = "people"
urlpatterns = [
    path("meg/", views.profile, name="profile"),
    path("enhet/<int:pk>/", views.unit, name="unit"),
    path("roller/", views.roles, name="roles"),
    path("spor/", views.audit, name="audit"),
]
