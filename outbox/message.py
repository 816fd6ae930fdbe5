"""A letter as the e-mail that goes over the wire."""

from __future__ import annotations

from email.header import Header
from email.utils import format_datetime, formataddr
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from outbox.models import Letter
from outbox.unsubscribe import unsubscribe_url


class LetterMessage(EmailMultiAlternatives):
    """A message whose subject begins on the line of its name.

    Django encodes a subject as if it stood alone, in words as long as a whole line. None of them
    fits beside «Subject:», so the first line would be empty, and some programs show it so.
    """

    def message(self, **options: Any) -> Any:
        message: Any = super().message(**options)
        subject = str(self.subject)
        if not subject.isascii():
            folded = Header(subject, "utf-8", header_name="Subject").encode()
            message.replace_header("Subject", folded)
        return message


def as_message(letter: Letter) -> EmailMultiAlternatives:
    """multipart/alternative: text, HTML, and last the calendar part, which Outlook wants last."""
    message = LetterMessage(
        subject=letter.subject,
        body=letter.text,
        to=[formataddr((" ".join(letter.recipient.name.split()), letter.to_email))],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers=_headers(letter),
    )
    message.attach_alternative(letter.html, "text/html")
    if letter.calendar:
        # Django adds the charset behind: «text/calendar; method=REQUEST; charset="utf-8"».
        message.attach_alternative(
            letter.calendar, f"text/calendar; method={letter.calendar_method}"
        )
    return message


def _headers(letter: Letter) -> dict[str, str]:
    """Robots do not answer robots (RFC 3834); reminders can be stopped (RFC 2369, RFC 8058)."""
    headers = {
        "Message-ID": letter.message_id,
        "Date": format_datetime(timezone.localtime(letter.queued_at)),
        "Content-Language": letter.language,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if letter.is_reminder:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url(letter.recipient)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
