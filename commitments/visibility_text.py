"""«Hvem ser dette?» in sentences, from what is true of the agreement now.

Each sentence here has its test in tests/commitments/test_who_sees.py.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from commitments.models import Agreement, Share
from common import dates
from common.small_groups import SMALL_GROUP_WORD
from people.models import Substitution, User


def who_sees(
    agreement: Agreement, *, share: Share | None = None, substitution: Substitution | None = None
) -> list[str]:
    names = {"leader": agreement.leader.name, "employee": agreement.employee.name}
    until = agreement.leader_access_ended_at
    if until is not None:
        return [*_after_parting(names, until, share), _others(), _counts()]
    if agreement.is_parting:
        return [*_while_parting(names), _others(), _counts()]
    both = _(
        "Bare %(leader)s og %(employee)s. Bytter en av dere jobb, kan lederen ikke lenger lese den."
    )
    above = _("Lederen over %(leader)s kan få vite at en samtale ikke er holdt, uten navn og dag.")
    here = [both % names, *_standing_in(names, substitution)]
    return [*here, above % names, _others(), _counts()]


def _standing_in(names: dict[str, str], substitution: Substitution | None) -> list[str]:
    if substitution is None or substitution.valid_to is None:
        return []
    day = dates.long_date(substitution.valid_to)
    reads = _(
        "%(substitute)s er stedfortreder for %(leader)s til og med %(day)s, og kan lese det dere "
        "er enige om, og signere det for lederen. Etterpå ser stedfortrederen ingenting."
    )
    return [reads % {**names, "substitute": substitution.substitute.name, "day": day}]


def _while_parting(names: dict[str, str]) -> list[str]:
    gone = _("%(leader)s står ikke lenger som leder her, og kan ikke lese den imens.")
    return [_("Bare %(employee)s.") % names, gone % names]


def _after_parting(names: dict[str, str], until: dt.datetime, share: Share | None) -> list[str]:
    day = dates.long_date(until)
    left = _("%(leader)s leste den til %(day)s og ser den ikke lenger.") % {**names, "day": day}
    if share is None:
        return [_("Bare %(employee)s.") % names, left]
    if share.left_behind_at is not None:
        gone = _("%(name)s, som den er delt med, står ikke lenger som leder, og kan ikke lese den.")
        return [_("Bare %(employee)s.") % names, gone % {"name": share.with_user.name}, left]
    reads = _(
        "%(employee)s, og %(name)s, som kan lese det som ble signert. Ikke merknader, samtaler "
        "eller det som ikke ble signert."
    )
    return [reads % {**names, "name": share.with_user.name}, left]


def _others() -> str:
    return _("Det som står her, ser ingen ledere over, ikke HR og ingen administrator.")


def _counts() -> str:
    return _("Rapporter teller bare at en avtale er signert.")


def _stand_in() -> str:
    """Of agreements in general; `_standing_in` names whoever it is now."""
    return _("Er lederen borte, kan en stedfortreder lese det dere er enige om, og signere det.")


def who_will_see() -> list[str]:
    """Before there is an agreement to name the two of."""
    return [
        _("Bare dere to, fra første ord."),
        _stand_in(),
        _("Lederen over kan få vite at en samtale ikke er holdt, uten navn og dag."),
        _others(),
    ]


def who_sees_substitution() -> list[str]:
    return [
        _(
            "At noen er stedfortreder, ser lederen, stedfortrederen, den som oppga det, og "
            "medarbeiderne lederen har avtale med."
        )
    ]


def who_sees_list() -> list[str]:
    return [
        _("Bare du ser listen, og hver avtale ses av de to den gjelder."),
        _stand_in(),
        _(
            "Har lederen gått videre, kan medarbeideren dele det de signerte med den nye lederen, "
            "som kan lese det."
        ),
        _("Lederen over kan få vite at en samtale ikke er holdt, uten navn og dag."),
        _others(),
        _counts(),
    ]


def who_sees_unheld() -> list[str]:
    return [
        _("Bare du, om lederne rett under deg."),
        _("Du ser ikke hvem samtalen er med, når den skulle vært, eller hva den gjelder."),
        _("En leder nevnes bare når samtalen kan være med minst %(fewest)s.")
        % {"fewest": SMALL_GROUP_WORD},
    ]


def who_sees_private_note(agreement: Agreement, user: User) -> list[str]:
    other = {"name": agreement.counterpart_of(user).name}
    alone = [_("Bare du. Heller ikke %(name)s.") % other]
    if user.pk == agreement.leader_id:
        alone.append(_("Bytter en av dere jobb, blir notatet slettet."))
    return alone
