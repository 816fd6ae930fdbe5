"""What an agreement says besides its commitments, and what each commitment says.

Abstract, since a round's template says the same things before there is any agreement.
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import CoreActivity

LONGEST_WORDING = 2000


class Wording(models.Model):
    """What holds for the whole agreement, in words."""

    goals = models.TextField(_("lederens mål"), max_length=LONGEST_WORDING, blank=True)
    put_off = models.TextField(
        _("det vi stopper eller utsetter"), max_length=LONGEST_WORDING, blank=True
    )
    upward = models.TextField(_("må avklares oppover"), max_length=LONGEST_WORDING, blank=True)
    renegotiate_when = models.TextField(
        _("når vi reforhandler"), max_length=LONGEST_WORDING, blank=True
    )

    class Meta:
        abstract = True


class Pledge(models.Model):
    """What somebody will do for one of the unit's core activities, and what it takes."""

    order = models.PositiveSmallIntegerField()
    text = models.TextField(_("forpliktelse"), max_length=600)
    why = models.TextField(_("for hvem og hvorfor"), max_length=600)
    core_activity = models.ForeignKey(
        CoreActivity,
        verbose_name=_("kjerneaktivitet"),
        null=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        help_text="Empty in a draft alone, where the words come from another mission.",
    )
    support = models.TextField(_("hva som trengs av støtte"), max_length=600, blank=True)
    signs = models.TextField(_("tegn på at det er godt nok"), max_length=600, blank=True)
    room = models.TextField(
        _("handlingsrom, og når dere sier fra"), max_length=600, blank=True, default=""
    )
    review_on = models.DateField(_("vurderes på nytt"), null=True, blank=True)

    class Meta:
        abstract = True


WORDING: Final = ("goals", "put_off", "upward", "renegotiate_when", "disagreement")
"""The fields of a revision that are words about all of it, in the order they are read."""

PLEDGE: Final = ("text", "why", "core_activity_id", "support", "signs", "room", "review_on")
"""The fields of a commitment that are copied with it wherever it goes."""
