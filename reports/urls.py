from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.participation, name="participation"),
    path("deltakelse.csv", views.participation_csv, name="participation_csv"),
    path("deltakelse.xlsx", views.participation_xlsx, name="participation_xlsx"),
    path("virksomhet/<int:pk>/", views.agency, name="agency"),
    path("seminar/<int:pk>/", views.seminar, name="seminar"),
]
