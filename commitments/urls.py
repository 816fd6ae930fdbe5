from django.urls import path

from commitments.views import (
    drafting,
    keeping,
    parting,
    reading,
    signing,
    substituting,
    verifying,
)

app_name = "commitments"
urlpatterns = [
    path("", reading.mine, name="list"),
    path("ny/", drafting.start, name="start"),
    path("etterprov/", verifying.verify, name="verify"),
    path("stedfortreder/", substituting.substitutes, name="substitutes"),
    path("stedfortreder/enhet/<int:pk>/", substituting.name_substitute, name="name_substitute"),
    path("stedfortreder/<int:pk>/avslutt/", substituting.end_substitution, name="end_substitution"),
    path("<int:pk>/", reading.detail, name="detail"),
    path("<int:pk>/utgave/<int:number>/", reading.revision, name="revision"),
    path("<int:pk>/rediger/", drafting.edit, name="edit"),
    path("<int:pk>/foresla/", drafting.propose, name="propose"),
    path("<int:pk>/send-tilbake/", drafting.send_back, name="send_back"),
    path("<int:pk>/godta/", drafting.agree, name="agree"),
    path("<int:pk>/merknad/", drafting.comment, name="comment"),
    path("<int:pk>/signer/", signing.sign, name="sign"),
    path("<int:pk>/papir/", signing.paper, name="paper"),
    path("<int:pk>/papir/pdf/", signing.paper_pdf, name="paper_pdf"),
    path("<int:pk>/pdf/", signing.pdf, name="pdf"),
    path("<int:pk>/endre/", keeping.amend, name="amend"),
    path("<int:pk>/samtale/", keeping.arrange, name="arrange"),
    path("<int:pk>/samtale/<int:talk>/notat/", keeping.private_note, name="private_note"),
    path("<int:pk>/oppfolging/", keeping.follow_up, name="follow_up"),
    path("<int:pk>/del/", parting.share, name="share"),
    path("<int:pk>/slutt-a-dele/", parting.stop_sharing, name="stop_sharing"),
    path("<int:pk>/legg-bort/", parting.close, name="close"),
    path("<int:pk>/delt/", parting.shared, name="shared"),
    path("<int:pk>/avslutt/", keeping.end, name="end"),
]
