from django.urls import path

from people import views

app_name = "people"
urlpatterns = [
    path("meg/", views.profile, name="profile"),
    path("enhet/<int:pk>/", views.unit, name="unit"),
    path("enhet/<int:pk>/gi-rolle/", views.grant_role, name="grant_role"),
    path("roller/", views.roles, name="roles"),
    path("roller/<int:pk>/avslutt/", views.end_role, name="end_role"),
    path("spor/", views.audit, name="audit"),
]
