"""Addresses under /seminarer/."""

from django.urls import path

from seminars.approvals import views as approvals_views
from seminars.audiences import views as audiences_views
from seminars.browsing import calendar_views, preview_views
from seminars.browsing import views as browsing_views
from seminars.calendar_feed import views as calendar_feed_views
from seminars.editing import copy_views
from seminars.editing import views as editing_views
from seminars.invitations import views as invitations_views
from seminars.messages import views as messages_views
from seminars.offers import views as offers_views
from seminars.own_staff import several_views
from seminars.own_staff import views as own_staff_views
from seminars.parallel_sessions import views as parallel_sessions_views
from seminars.participants import agency_views, bulk_views
from seminars.participants import views as participants_views
from seminars.pools import views as pools_views
from seminars.questions import views as questions_views
from seminars.registering import views as registering_views
from seminars.requirements import views as requirements_views
from seminars.retention import views as retention_views
from seminars.seminar_roles import views as seminar_roles_views
from seminars.waiting_list import views as waiting_list_views

app_name = "seminars"

urlpatterns = [
    path("", browsing_views.seminar_list, name="list"),
    path("kalender/", calendar_views.month, name="calendar"),
    path("kalender/abonnement/", calendar_feed_views.feed_page, name="calendar_feed"),
    path("kalender/abonnement/avslutt/", calendar_feed_views.close, name="close_calendar_feed"),
    path("kalender/abonnement/<str:token>.ics", calendar_feed_views.feed, name="feed"),
    path("behov/", requirements_views.catering, name="catering"),
    path("meld-pa-flere/", several_views.register_several, name="register_several"),
    path("arrangor/", editing_views.overview, name="organise"),
    path("arrangor/nytt/", editing_views.create, name="create"),
    path("<int:pk>/", browsing_views.detail, name="detail"),
    path("<int:pk>/forhandsvisning/", preview_views.preview, name="preview"),
    path("<int:pk>/meld-pa/", registering_views.register, name="register"),
    path("<int:pk>/kvittering/", registering_views.receipt, name="receipt"),
    path("<int:pk>/meld-av/", registering_views.withdraw, name="withdraw"),
    path("<int:pk>/kalender.ics", registering_views.calendar_file, name="calendar_file"),
    path("<int:pk>/rediger/", editing_views.edit, name="edit"),
    path("<int:pk>/publiser/", editing_views.publish, name="publish"),
    path("<int:pk>/avlys/", editing_views.cancel, name="cancel"),
    path("<int:pk>/forkast/", editing_views.discard, name="discard"),
    path("<int:pk>/deltakere/", participants_views.participant_list, name="participants"),
    path("<int:pk>/deltakere.xlsx", participants_views.export, name="participants_xlsx"),
    path(
        "<int:pk>/deltakere/<int:registration_pk>/fjern/",
        participants_views.remove,
        name="remove_participant",
    ),
    path("<int:pk>/malgrupper/", audiences_views.audiences, name="audiences"),
    path("<int:pk>/malgrupper/ny/<slug:kind>/", audiences_views.add, name="add_audience"),
    path("<int:pk>/malgrupper/<int:audience_pk>/", audiences_views.change, name="change_audience"),
    path(
        "<int:pk>/malgrupper/<int:audience_pk>/fjern/",
        audiences_views.remove,
        name="remove_audience",
    ),
    path("<int:pk>/tilbud/", offers_views.offer, name="offer"),
    path("<int:pk>/godkjenning/<int:registration_pk>/", approvals_views.approve, name="approve"),
    path(
        "<int:pk>/godkjenning/<int:registration_pk>/angre/",
        approvals_views.restore,
        name="restore_declined",
    ),
    path("<int:pk>/plasser/", pools_views.pools, name="pools"),
    path("<int:pk>/plasser/<int:pool_pk>/frigi/", pools_views.release, name="release_pool"),
    path("<int:pk>/virksomhetens-plasser/", own_staff_views.own_staff, name="own_staff"),
    path(
        "<int:pk>/deltakere/<int:registration_pk>/bytt/",
        own_staff_views.substitute,
        name="substitute",
    ),
    path("<int:pk>/venteliste/", waiting_list_views.queue, name="queue"),
    path(
        "<int:pk>/venteliste/<int:registration_pk>/flytt/",
        waiting_list_views.move,
        name="move_in_queue",
    ),
    path(
        "<int:pk>/venteliste/<int:registration_pk>/gi-plass/",
        waiting_list_views.give,
        name="give_seat",
    ),
    path("<int:pk>/kopier/", copy_views.copy, name="copy"),
    path("<int:pk>/deltakere/liste/", bulk_views.register_list, name="register_list"),
    path("<int:pk>/deltakere/skriv/", messages_views.write, name="write"),
    path("<int:pk>/oversikt/", agency_views.seats, name="seats"),
    path("<int:pk>/persondata/", retention_views.personal_data, name="personal_data"),
    path("<int:pk>/velg-samling/", parallel_sessions_views.choose, name="choose"),
    path(
        "<int:pk>/deltakere/<int:registration_pk>/velg-samling/",
        parallel_sessions_views.choose_for,
        name="choose_for",
    ),
    path("<int:pk>/svar/", questions_views.answer, name="answer"),
    path("<int:pk>/sporsmal/", questions_views.questions, name="questions"),
    path("<int:pk>/sporsmal/nytt/", questions_views.ask, name="ask"),
    path("<int:pk>/sporsmal/<int:question_pk>/", questions_views.answers, name="answers"),
    path(
        "<int:pk>/sporsmal/<int:question_pk>/endre/",
        questions_views.rewrite,
        name="rewrite_question",
    ),
    path("<int:pk>/sporsmal/<int:question_pk>/fjern/", questions_views.drop, name="drop_question"),
    path("<int:pk>/sporsmal/<int:question_pk>/flytt/", questions_views.move, name="move_question"),
    path("<int:pk>/behov/", requirements_views.own, name="needs"),
    path("<int:pk>/behov/oversikt/", requirements_views.overview, name="needs_overview"),
    path("<int:pk>/behov/mat.xlsx", requirements_views.for_caterer, name="needs_xlsx"),
    path("<int:pk>/hvem-hjelper-til/", seminar_roles_views.seminar_roles, name="seminar_roles"),
    path("<int:pk>/hvem-hjelper-til/ny/", seminar_roles_views.give_role, name="give_seminar_role"),
    path(
        "<int:pk>/hvem-hjelper-til/<int:grant_pk>/avslutt/",
        seminar_roles_views.end_role,
        name="end_seminar_role",
    ),
    path("<int:pk>/invitasjoner/", invitations_views.invitations, name="invitations"),
]
