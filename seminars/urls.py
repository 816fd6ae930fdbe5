"""Addresses under /seminarer/."""

from django.urls import path

from seminars.views import (
    asking,
    calendar,
    catalogue,
    inviting,
    needs,
    offering,
    organising,
    participants,
    pools,
    queueing,
    registering,
    subscribing,
)

app_name = "seminars"

urlpatterns = [
    path("", catalogue.seminar_list, name="list"),
    path("kalender/", calendar.month, name="calendar"),
    path("kalender/abonnement/", subscribing.feed_page, name="calendar_feed"),
    path("kalender/abonnement/avslutt/", subscribing.close, name="close_calendar_feed"),
    path("kalender/abonnement/<str:token>.ics", subscribing.feed, name="feed"),
    path("arrangor/", organising.overview, name="organise"),
    path("arrangor/nytt/", organising.create, name="create"),
    path("<int:pk>/", catalogue.detail, name="detail"),
    path("<int:pk>/meld-pa/", registering.register, name="register"),
    path("<int:pk>/kvittering/", registering.receipt, name="receipt"),
    path("<int:pk>/meld-av/", registering.withdraw, name="withdraw"),
    path("<int:pk>/kalender.ics", registering.calendar_file, name="calendar_file"),
    path("<int:pk>/rediger/", organising.edit, name="edit"),
    path("<int:pk>/publiser/", organising.publish, name="publish"),
    path("<int:pk>/avlys/", organising.cancel, name="cancel"),
    path("<int:pk>/deltakere/", participants.participant_list, name="participants"),
    path("<int:pk>/deltakere/oppmote/", participants.mark, name="mark_attendance"),
    path("<int:pk>/deltakere/legg-til/", participants.register_other, name="register_other"),
    path("<int:pk>/deltakere.xlsx", participants.export, name="participants_xlsx"),
    path(
        "<int:pk>/deltakere/<int:registration_pk>/fjern/",
        participants.remove,
        name="remove_participant",
    ),
    path("<int:pk>/tilbud/", offering.offer, name="offer"),
    path("<int:pk>/plasser/", pools.pools, name="pools"),
    path("<int:pk>/plasser/<int:pool_pk>/frigi/", pools.release, name="release_pool"),
    path("<int:pk>/virksomhetens-plasser/", pools.own_staff, name="own_staff"),
    path("<int:pk>/deltakere/<int:registration_pk>/bytt/", pools.substitute, name="substitute"),
    path("<int:pk>/venteliste/", queueing.queue, name="queue"),
    path("<int:pk>/venteliste/<int:registration_pk>/flytt/", queueing.move, name="move_in_queue"),
    path("<int:pk>/svar/", asking.answer, name="answer"),
    path("<int:pk>/sporsmal/", asking.questions, name="questions"),
    path("<int:pk>/sporsmal/nytt/", asking.ask, name="ask"),
    path("<int:pk>/sporsmal/<int:question_pk>/", asking.answers, name="answers"),
    path("<int:pk>/sporsmal/<int:question_pk>/endre/", asking.rewrite, name="rewrite_question"),
    path("<int:pk>/sporsmal/<int:question_pk>/fjern/", asking.drop, name="drop_question"),
    path("<int:pk>/behov/", needs.own, name="needs"),
    path("<int:pk>/behov/oversikt/", needs.overview, name="needs_overview"),
    path("<int:pk>/behov/mat.xlsx", needs.for_caterer, name="needs_xlsx"),
    path("<int:pk>/invitasjoner/", inviting.invitations, name="invitations"),
]
