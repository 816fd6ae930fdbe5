from django.urls import path

from commitments.amending import views as amending_views
from commitments.declining import views as declining_views
from commitments.ending import views as ending_views
from commitments.evidence import views as evidence_views
from commitments.follow_up import overdue_views
from commitments.follow_up import views as follow_up_views
from commitments.leader_changes import views as leader_changes_views
from commitments.pausing import views as pausing_views
from commitments.preparing import views as preparing_views
from commitments.proposing import views as proposing_views
from commitments.reading import views as reading_views
from commitments.renewing import views as renewing_views
from commitments.rounds import views as rounds_views
from commitments.signing import views as signing_views
from commitments.substitution import views as substitution_views
from commitments.writing import start_views
from commitments.writing import views as writing_views

app_name = "commitments"
urlpatterns = [
    path("", reading_views.mine, name="list"),
    path("ny/", start_views.start, name="start"),
    path("ikke-holdt/", overdue_views.unheld, name="unheld"),
    path("etterprov/", evidence_views.verify, name="verify"),
    path("stedfortreder/", substitution_views.substitutes, name="substitutes"),
    path(
        "stedfortreder/enhet/<int:pk>/", substitution_views.name_substitute, name="name_substitute"
    ),
    path(
        "stedfortreder/<int:pk>/avslutt/",
        substitution_views.end_substitution,
        name="end_substitution",
    ),
    path("runder/", rounds_views.rounds, name="rounds"),
    path("runder/ny/<int:pk>/", rounds_views.begin_round, name="begin_round"),
    path("runder/<int:pk>/", rounds_views.round_page, name="round"),
    path("runder/<int:pk>/slett/", rounds_views.delete_round, name="delete_round"),
    path("<int:pk>/", reading_views.detail, name="detail"),
    path("<int:pk>/utgave/<int:number>/", reading_views.revision, name="revision"),
    path("<int:pk>/forbered/", preparing_views.prepare, name="prepare"),
    path("<int:pk>/forbered/klar/", preparing_views.ready, name="ready"),
    path("<int:pk>/forbered/<slug:question>/", preparing_views.answer, name="answer"),
    path(
        "<int:pk>/forbered/<slug:question>/mellomlagre/",
        preparing_views.autosave_answer,
        name="autosave_answer",
    ),
    path("<int:pk>/rediger/", writing_views.edit, name="edit"),
    path("<int:pk>/rediger/mellomlagre/", writing_views.autosave, name="autosave"),
    path("<int:pk>/rediger/forkast/", writing_views.discard, name="discard"),
    path("<int:pk>/foresla/", proposing_views.propose, name="propose"),
    path("<int:pk>/send-tilbake/", proposing_views.send_back, name="send_back"),
    path("<int:pk>/godta/", proposing_views.agree, name="agree"),
    path("<int:pk>/merknad/", proposing_views.comment, name="comment"),
    path("<int:pk>/signer/", signing_views.sign, name="sign"),
    path("<int:pk>/papir/", signing_views.paper, name="paper"),
    path("<int:pk>/papir/pdf/", signing_views.paper_pdf, name="paper_pdf"),
    path("<int:pk>/pdf/", signing_views.pdf, name="pdf"),
    path("<int:pk>/endre/", amending_views.amend, name="amend"),
    path("<int:pk>/avsla/", declining_views.decline, name="decline"),
    path("<int:pk>/trekk/", declining_views.withdraw, name="withdraw"),
    path("<int:pk>/avstem/", renewing_views.reconcile, name="reconcile"),
    path("<int:pk>/pause/", pausing_views.pause, name="pause"),
    path("<int:pk>/ga-videre/", pausing_views.resume, name="resume"),
    path("<int:pk>/for-videre/", leader_changes_views.carry, name="carry"),
    path("<int:pk>/samtale/", follow_up_views.arrange, name="arrange"),
    path("<int:pk>/samtale/<int:talk>/notat/", follow_up_views.private_note, name="private_note"),
    path("<int:pk>/oppfolging/", follow_up_views.follow_up, name="follow_up"),
    path("<int:pk>/del/", leader_changes_views.share, name="share"),
    path("<int:pk>/slutt-a-dele/", leader_changes_views.stop_sharing, name="stop_sharing"),
    path("<int:pk>/legg-bort/", leader_changes_views.close, name="close"),
    path("<int:pk>/delt/", leader_changes_views.shared, name="shared"),
    path("<int:pk>/avslutt/", ending_views.end, name="end"),
]
