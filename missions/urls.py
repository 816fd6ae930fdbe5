from django.urls import path

from missions.contribution import views as contribution_views
from missions.coverage import views as coverage_views
from missions.glossary import views as glossary_views
from missions.questions import views as questions_views
from missions.reading import views as reading_views
from missions.writing import views as writing_views

app_name = "missions"
urlpatterns = [
    path("", reading_views.mine, name="mine"),
    path("enhet/<int:pk>/", reading_views.unit, name="unit"),
    path("enhet/<int:pk>/kort/", reading_views.for_unit, name="for_unit"),
    path("enhet/<int:pk>/utkast/", writing_views.draft, name="draft"),
    path("enhet/<int:pk>/bidrag/", contribution_views.contribution, name="contribution"),
    path("dekning/", coverage_views.coverage, name="coverage"),
    path("dekning/<int:pk>/", coverage_views.coverage_of_unit, name="coverage_of_unit"),
    path("ordliste/", glossary_views.glossary, name="glossary"),
    path("ordliste/nytt/", glossary_views.term, name="new_term"),
    path("ordliste/<int:pk>/", glossary_views.term, name="term"),
    path("ordliste/<int:pk>/fjern/", glossary_views.remove, name="remove_term"),
    path("bidrag/", contribution_views.contributions, name="contributions"),
    path("versjon/<int:pk>/", reading_views.version, name="version"),
    path("versjon/<int:pk>/endringer/", reading_views.changes, name="changes"),
    path("versjon/<int:pk>/skriv/", writing_views.edit, name="edit"),
    path("versjon/<int:pk>/kommentar/", writing_views.comment, name="comment"),
    path("versjon/<int:pk>/sporsmal/", questions_views.ask, name="ask"),
    path("versjon/<int:pk>/publiser/", writing_views.publish, name="publish"),
    path("versjon/<int:pk>/lest/", reading_views.acknowledge, name="acknowledge"),
    path("versjon/<int:pk>/lesere/", reading_views.readers, name="readers"),
    path("sporsmal/", questions_views.questions, name="questions"),
    path("sporsmal/<int:pk>/", questions_views.answer, name="answer"),
]
