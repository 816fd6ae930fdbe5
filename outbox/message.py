"""A letter as the e-mail that goes over the wire."""

from __future__ import annotations

from email.header import Header
from email.message import Message
from email.mime.image import MIMEImage
from email.utils import format_datetime, formataddr
from typing import Any, cast

from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart
from django.utils import timezone

from outbox.images import LetterImage
from outbox.models import Letter
from outbox.unsubscribe import unsubscribe_url


class LetterMessage(EmailMultiAlternatives):
    """A message whose subject begins on the line of its name, and whose HTML brings its pictures.

    Django encodes a subject as if it stood alone, in words as long as a whole line. None of them
    fits beside «Subject:», so the first line would be empty, and some programs show it so.
    """

    images: tuple[LetterImage, ...] = ()

    def message(self, **options: Any) -> Any:
        message: Any = super().message(**options)
        subject = str(self.subject)
        if not subject.isascii():
            folded = Header(subject, "utf-8", header_name="Subject").encode()
            message.replace_header("Subject", folded)
        if self.images:
            _put_images_beside_html(message, self.images)
        return message


def _put_images_beside_html(message: Message, images: tuple[LetterImage, ...]) -> None:
    """Make the HTML a multipart/related with its pictures (RFC 2387), in the place that it had.

    Pictures beside the alternatives would be listed as files, and the calendar part would not be
    the last of them.
    """
    parts = cast(list[Message], message.get_payload())
    (place,) = (at for at, part in enumerate(parts) if part.get_content_type() == "text/html")
    related = SafeMIMEMultipart(_subtype="related", type="text/html")
    related.attach(parts[place])
    for number, image in enumerate(images, start=1):
        part = MIMEImage(image.png, "png")
        part["Content-ID"] = f"<{image.content_id}>"
        part.add_header("Content-Disposition", "inline", filename=f"bilde-{number}.png")
        related.attach(part)
    parts[place] = related


def as_message(letter: Letter) -> EmailMultiAlternatives:
    """multipart/alternative: text, HTML with its pictures, and last the calendar part, which
    Outlook wants last."""
    message = LetterMessage(
        subject=letter.subject,
        body=letter.text,
        to=[formataddr((" ".join(letter.recipient.name.split()), letter.to_email))],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers=_headers(letter),
    )
    message.attach_alternative(letter.html, "text/html")
    message.images = tuple(letter.pictures)
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
