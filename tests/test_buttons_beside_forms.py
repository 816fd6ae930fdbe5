"""No button beside a form loses what is typed in it.

A button that sends another form leaves the page, and the words with it. Each template that has a
form with typed fields and a second one stands here with why nothing is lost; a new one fails.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
TYPED = re.compile(r"as_field_group|\{\{ form \}\}|\{% form |<textarea")
SENDS = re.compile(r"""<form[^>]*method="post"|\{% post_button |\{% form """)
OWN_BUTTON = re.compile(r'\{% button [^%]*\bform="([^"]+)"')

HARMLESS = {
    "account/login.html": "a password is typed anew, and another way in is another page",
    "account/reauthenticate_by_code.html": "a new code makes the one that was typed useless",
    "certificates/start.html": "a number or a file: whoever sends one asks by it, and not by both",
    "commitments/answer.html": "the other button throws away what was not saved, and says so",
    "commitments/edit.html": "the other button throws away what was not saved, and says so",
    "mfa/authenticate.html": "a code is typed anew, or another way is chosen",
    "missions/term.html": "the other button takes away the word that the form explains",
    "missions/version.html": "a draft is commented on, what is published is acknowledged",
    "seminars/invitations.html": "the button sends to those shown, and the form is then not there",
    "seminars/register_list.html": "the button takes the list as it was checked, shown above it",
    "seminars/write.html": "the button sends the letter as it was shown, beside what is changed",
}


def sources() -> dict[str, str]:
    pages = {str(path.relative_to(TEMPLATES)): path for path in TEMPLATES.rglob("*.html")}
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in pages.items()
        if not name.startswith(("letters/", "components/"))
    }


def sends_another_form(source: str) -> bool:
    return bool(TYPED.search(source)) and len(SENDS.findall(source)) > 1


def test_every_second_form_beside_typed_words_is_known() -> None:
    found = {name for name, source in sources().items() if sends_another_form(source)}
    assert found == set(HARMLESS)


def test_a_button_outside_its_form_names_a_form_that_is_there() -> None:
    missing = {
        (name, form)
        for name, source in sources().items()
        for form in OWN_BUTTON.findall(source)
        if f'id="{form}"' not in source and "cancel_sign_in.html" not in source
    }
    assert missing == set()


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ('<form method="post">{{ form }}</form>{% post_button _("Del") action=url %}', True),
        ('{% form comment submit=_("Send") %}{% post_button _("Del") action=url %}', True),
        ('<form method="post">{{ form }}{% button _("Del") name="share" %}</form>', False),
        ('{% post_button _("A") action=a %}{% post_button _("B") action=b %}', False),
    ],
)
def test_what_loses_words_is_found(source: str, *, is_found: bool) -> None:
    assert sends_another_form(source) is is_found
