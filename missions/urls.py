from django.urls import path

from missions.views import cascade, contribution, coverage, glossary, pulse, reading, writing

app_name = "missions"
urlpatterns = [
    path("", reading.mine, name="mine"),
    path("enhet/<int:pk>/", reading.unit, name="unit"),
    path("enhet/<int:pk>/kort/", reading.for_unit, name="for_unit"),
    path("enhet/<int:pk>/utkast/", writing.draft, name="draft"),
    path("enhet/<int:pk>/bidrag/", contribution.contribution, name="contribution"),
    path("dekning/", coverage.coverage, name="coverage"),
    path("dekning/<int:pk>/", coverage.coverage_of_unit, name="coverage_of_unit"),
    path("ordliste/", glossary.glossary, name="glossary"),
    path("ordliste/nytt/", glossary.term, name="new_term"),
    path("ordliste/<int:pk>/", glossary.term, name="term"),
    path("ordliste/<int:pk>/fjern/", glossary.remove, name="remove_term"),
    path("bidrag/", contribution.contributions, name="contributions"),
    path("versjon/<int:pk>/", reading.version, name="version"),
    path("versjon/<int:pk>/endringer/", reading.changes, name="changes"),
    path("versjon/<int:pk>/skriv/", writing.edit, name="edit"),
    path("versjon/<int:pk>/del/", writing.share, name="share"),
    path("versjon/<int:pk>/kommentar/", writing.comment, name="comment"),
    path("versjon/<int:pk>/sporsmal/", cascade.ask, name="ask"),
    path("versjon/<int:pk>/publiser/", writing.publish, name="publish"),
    path("versjon/<int:pk>/lest/", reading.acknowledge, name="acknowledge"),
    path("versjon/<int:pk>/lesere/", reading.readers, name="readers"),
    path("enhet/<int:pk>/puls/", pulse.pulse, name="pulse"),
    path("enhet/<int:pk>/puls/ny/", pulse.open_pulse, name="open_pulse"),
    path("puls/<int:pk>/", pulse.answer_pulse, name="answer_pulse"),
    path("puls/<int:pk>/avslutt/", pulse.settle_pulse, name="settle_pulse"),
    path("puls/<int:pk>/samtale/", pulse.note_conversation, name="note_conversation"),
    path("sporsmal/", cascade.questions, name="questions"),
    path("sporsmal/<int:pk>/", cascade.answer, name="answer"),
]
