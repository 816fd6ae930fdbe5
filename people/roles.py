"""What a person may be given to do on a unit and all below it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ORGANISER = "organiser", _("arrangør")
    COORDINATOR = "coordinator", _("koordinator")
    LOGISTICS = "logistics", _("logistikk")
    HR = "hr", _("HR")
    ADMINISTRATOR = "administrator", _("administrator")
