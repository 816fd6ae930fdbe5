import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

import common.forms
from common.forms import TileCheckboxSelect, TileRadioSelect, textarea

CHOICES = [("a", "Fysisk"), ("b", "Teams")]


class EverythingForm(forms.Form):
    title = forms.CharField(label="Tittel", help_text="Kort og <b>konkret</b>", max_length=2000)
    about = forms.CharField(label="Om", required=False, widget=textarea(3))
    held_on = forms.DateField(label="Dato", required=False)
    held_at = forms.DateTimeField(label="Tidspunkt", required=False)
    opens_at = forms.TimeField(label="Åpner", required=False)
    seats = forms.IntegerField(label="Plasser", required=False)
    unit = forms.ChoiceField(
        label="Enhet", choices=[("", "–"), ("Gruppe", CHOICES)], required=False
    )
    way = forms.ChoiceField(label="Form", choices=CHOICES, widget=forms.RadioSelect)
    tile = forms.ChoiceField(label="Flis", choices=CHOICES, widget=TileRadioSelect, required=False)
    many = forms.MultipleChoiceField(
        label="Flere", choices=CHOICES, widget=forms.CheckboxSelectMultiple, required=False
    )
    tiles = forms.MultipleChoiceField(
        label="Fliser", choices=CHOICES, widget=TileCheckboxSelect, required=False
    )
    agree = forms.BooleanField(label="Jeg forplikter meg")
    paper = forms.FileField(label="Fil", required=False)
    secret = forms.CharField(label="Passord", required=False, widget=forms.PasswordInput)
    query = forms.CharField(label="Søk", required=False, widget=forms.TextInput({"type": "search"}))
    version = forms.CharField(widget=forms.HiddenInput, required=False)


def tag(html: str, name: str) -> str:
    found = re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', html)
    assert found is not None
    return found[0]


def html(data: dict[str, Any] | None = None, **options: Any) -> str:
    return str(EverythingForm(data, **options))


def test_label_names_its_field_and_says_what_is_required() -> None:
    page = html()
    assert page.count("Må fylles ut") == 3
    assert '<label class="pkt-inputwrapper__label" for="id_title">Tittel' in page


def test_help_is_read_with_its_field() -> None:
    assert 'id="id_title_helptext">Kort og &lt;b&gt;konkret&lt;/b&gt;</div>' in html()
    assert "<b>" not in html()
    assert 'aria-describedby="id_title_helptext"' in tag(html(), "title")


def test_error_is_read_with_its_field_and_the_field_is_marked() -> None:
    page = html({})
    assert 'aria-describedby="id_title_helptext id_title_error"' in tag(page, "title")
    assert 'aria-invalid="true"' in tag(page, "title")
    assert 'id="id_title_error"' in page


def test_error_summary_takes_focus_and_leads_to_each_field() -> None:
    page = html({})
    summary = page[: page.index("</section>")]
    assert 'tabindex="-1" autofocus' in summary
    assert re.findall(r'href="#(\w+)"', summary) == ["id_title", "id_way_0", "id_agree"]
    assert all(f'id="{target}"' in page for target in ["id_title", "id_way_0", "id_agree"])


def test_a_form_that_nobody_has_sent_has_no_summary() -> None:
    assert "lp-error-summary" not in html()


def test_summary_has_what_is_wrong_with_the_whole_form_and_with_hidden_fields() -> None:
    form = EverythingForm({})
    form.add_error(None, "Seminaret er fullt.")
    form.add_error("version", "Noen har endret det imens.")
    summary = str(form).split("</section>")[0]
    assert "<li>Seminaret er fullt.</li>" in summary
    assert "<li>Noen har endret det imens.</li>" in summary


def test_what_was_typed_is_kept() -> None:
    page = html({"title": "Tillit & <mot>", "unit": "b", "many": ["b"], "about": "To\nlinjer"})
    assert 'value="Tillit &amp; &lt;mot&gt;"' in tag(page, "title")
    assert '<option value="b" selected>' in page
    assert "To\nlinjer</textarea>" in page
    assert page.count(" checked") == 1


def test_pickers_get_the_values_that_browsers_understand() -> None:
    page = html(
        initial={
            "held_on": dt.date(2026, 11, 24),
            "held_at": dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC),
            "opens_at": dt.time(8, 30),
            "seats": 1300,
        }
    )
    assert 'type="date" name="held_on" value="2026-11-24"' in tag(page, "held_on")
    assert 'type="datetime-local" name="held_at" value="2026-11-24T09:00"' in tag(page, "held_at")
    assert 'type="time" name="opens_at" value="08:30"' in tag(page, "opens_at")
    assert 'type="number"' in tag(page, "seats")
    assert 'value="1300"' in tag(page, "seats")


def test_figures_in_attributes_have_no_thousand_separator() -> None:
    assert 'maxlength="2000"' in tag(html(), "title")


def test_dates_typed_the_norwegian_way_are_understood() -> None:
    form = EverythingForm(
        {"held_on": "24.11.2026", "opens_at": "09.30", "held_at": "24.11.2026 09.30"}
    )
    form.is_valid()
    assert form.cleaned_data["held_on"] == dt.date(2026, 11, 24)
    assert form.cleaned_data["opens_at"] == dt.time(9, 30)
    assert form.cleaned_data["held_at"].astimezone(dt.UTC) == dt.datetime(
        2026, 11, 24, 8, 30, tzinfo=dt.UTC
    )


def test_choices_stand_in_a_group_with_its_question() -> None:
    page = html()
    assert '<legend class="pkt-inputwrapper__legend">Form' in page
    assert page.count('type="radio"') == 4
    assert page.count("pkt-input-check__input--tile") == 4


def test_nothing_in_a_form_has_a_style_or_a_handler() -> None:
    assert re.findall(r'\s(?:style|on\w+)="', html({})) == []


def test_a_formset_renders_its_management_and_each_row() -> None:
    page = str(forms.formset_factory(EverythingForm, extra=2)())
    assert 'name="form-TOTAL_FORMS" value="2"' in page
    assert page.count("lp-formset-row") == 2


def test_a_formset_says_what_is_wrong_with_all_of_it() -> None:
    formset_class = forms.formset_factory(forms.Form, extra=0, min_num=2, validate_min=True)
    formset = formset_class({"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"})
    assert "pkt-alert--error" in str(formset)


def test_a_file_that_is_there_can_be_opened_and_taken_away() -> None:
    class Stored(SimpleUploadedFile):
        url = "/fil.pdf"

    class FileForm(forms.Form):
        paper = forms.FileField(required=False)

    page = str(FileForm(initial={"paper": Stored("fil.pdf", b"x")}))
    assert 'href="/fil.pdf"' in page
    assert 'name="paper-clear"' in page


@pytest.mark.parametrize(
    "field",
    [
        common.forms.CharField(),
        common.forms.CharField(widget=textarea(3)),
        common.forms.PrintedField(),
        common.forms.URLField(),
    ],
)
def test_a_letter_that_was_lost_on_the_way_is_told_of(field: forms.Field) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean("https://example.org/B\ufffdrd")
    assert refused.value.messages == [
        "Det står «\ufffd» der en bokstav er gått tapt. Skriv bokstaven på nytt."
    ]
