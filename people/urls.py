from django.urls import path

from people import views
from people.staff_import import views as staff_import

app_name = "people"
urlpatterns = [
    path("meg/", views.profile, name="profile"),
    path("enhet/<int:pk>/", views.unit, name="unit"),
    path("roller/", views.roles, name="roles"),
    path("personalimport/", staff_import.staff_imports, name="staff_imports"),
    path("personalimport/<int:pk>/", staff_import.staff_import, name="staff_import"),
    path(
        "personalimport/<int:pk>/godta/<slug:kind>/",
        staff_import.agree_to_import,
        name="agree_to_import",
    ),
    path("personalimport/<int:pk>/ta-tilbake/", staff_import.undo_import, name="undo_import"),
    path("spor/", views.audit, name="audit"),
]
