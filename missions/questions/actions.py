"""What is said about a mission before it is settled: comments below, questions upward."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from missions.letters import write_draft_shared, write_question_answered, write_question_asked
from missions.models import DraftComment, MissionVersion, UpwardQuestion, VersionState
from missions.readers import people_in
from missions.refusals import MissionRefused
from missions.responsibility import answering_for
from people import audit
from people.models import User


@transaction.atomic
def share_draft(*, version: MissionVersion, by: User, now: dt.datetime) -> MissionVersion:
    """Let those who work in the unit read the draft and comment on it, and write to each of them.

    Twice changes nothing, and writes to nobody again. Raises MissionRefused when it is published
    already.
    """
    rows = MissionVersion.objects.select_for_update(of=("self",))
    draft: MissionVersion = rows.select_related("mission__unit").get(pk=version.pk)
    if draft.is_published:
        raise MissionRefused(_("Denne versjonen er allerede publisert, og kan ikke endres."))
    if draft.shared_at is None:
        draft.shared_at = now
        draft.save(update_fields=["shared_at"])
        readers = people_in(draft.mission.unit_id, timezone.localdate(now)).exclude(pk=by.pk)
        letters = write_draft_shared(draft, to=readers)
        audit.record("missions.share_draft", draft, by=by, number=draft.number, letters=letters)
    return draft


@transaction.atomic
def comment_on_draft(
    *, version: MissionVersion, text: str, by: User, now: dt.datetime
) -> DraftComment:
    """Say something about a shared draft to whoever writes it.

    Raises MissionRefused when it has been published in the meantime, or is not shared.
    """
    drafts = MissionVersion.objects.select_for_update().filter(
        pk=version.pk, state=VersionState.DRAFT, shared_at__isnull=False
    )
    if drafts.first() is None:
        raise MissionRefused(_("Utkastet er ikke lenger åpent for kommentarer."))
    comment = DraftComment.objects.create(version=version, author=by, text=text, created_at=now)
    audit.record("missions.comment_on_draft", version, by=by, comment=comment.pk)
    return comment


@transaction.atomic
def ask_question(
    *, version: MissionVersion, text: str, answer_by: dt.date, by: User, now: dt.datetime
) -> UpwardQuestion:
    """Send a question to whoever answers for the mission above, who gets a letter.

    Where nobody answers for it now, the question waits for whoever will. Raises MissionRefused
    when there is no mission above, or the day is past.
    """
    if version.above is None:
        raise MissionRefused(_("Ingen over har et oppdrag ennå, så det er ingen å spørre."))
    today = timezone.localdate(now)
    if answer_by < today:
        raise MissionRefused(_("Velg en dag som ikke er passert."))
    question = UpwardQuestion.objects.create(
        version=version,
        above=version.above,
        text=text,
        answer_by=answer_by,
        asked_by=by,
        asked_at=now,
        asked_on=today,
    )
    audit.record("missions.ask_question", question, by=by, version=version.pk)
    answerer = answering_for(version.above.mission.unit, today)
    if answerer is not None and answerer != by:
        write_question_asked(question, to=answerer)
    return question


@transaction.atomic
def answer_question(
    *, question: UpwardQuestion, answer: str, by: User, now: dt.datetime
) -> UpwardQuestion:
    """Answer for good, and write to the one who asked.

    Raises MissionRefused when somebody has answered already.
    """
    asked = UpwardQuestion.objects.select_for_update().get(pk=question.pk)
    if asked.answered_at is not None:
        raise MissionRefused(_("Spørsmålet er allerede besvart."))
    asked.answer = answer
    asked.answered_by = by
    asked.answered_at = now
    asked.save(update_fields=["answer", "answered_by", "answered_at"])
    audit.record("missions.answer_question", asked, by=by, version=asked.version_id)
    if asked.asked_by != by:
        write_question_answered(asked, to=asked.asked_by)
    return asked
