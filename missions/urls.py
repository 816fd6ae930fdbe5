from django.urls import path

from missions import views

app_name = "missions"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("enhet/<int:pk>/", views.unit, name="unit"),
    path("enhet/<int:pk>/kort/", views.for_unit, name="for_unit"),
    path("enhet/<int:pk>/utkast/", views.draft, name="draft"),
    path("versjon/<int:pk>/", views.version, name="version"),
    path("versjon/<int:pk>/skriv/", views.edit, name="edit"),
    path("versjon/<int:pk>/publiser/", views.publish, name="publish"),
    path("versjon/<int:pk>/lest/", views.acknowledge, name="acknowledge"),
    path("versjon/<int:pk>/lesere/", views.readers, name="readers"),
]
