"""With whom the employee shares what was signed with a former leader."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.form_fields import offer
from common.forms import TileRadioSelect
from people.models import User


class ShareForm(forms.Form):
    """The choices are those who lead the employee today."""

    with_user = forms.ChoiceField(label=_("Hvem skal lese den?"), widget=TileRadioSelect)

    def __init__(self, data: Any, *, managers: list[User], initial: dict[str, Any]) -> None:
        only = managers[0].pk if len(managers) == 1 else None
        super().__init__(data, initial={"with_user": only, **initial})
        self.managers = {str(one.pk): one for one in managers}
        offer(self, "with_user", [(key, one.name) for key, one in self.managers.items()])

    @property
    def chosen(self) -> User:
        return self.managers[self.cleaned_data["with_user"]]
