from __future__ import annotations

import pytest

from outbox.fault_words import fault_in_words


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("550 5.1.1 Recipient address rejected: User unknown", "Adressen finnes ikke."),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", "Adressen finnes ikke."),
        ("552 5.2.2 Mailbox full", "Postkassen er full."),
        ("452 4.2.2 Over quota", "Postkassen er full."),
        ("550 5.2.1 Mailbox disabled", "Postkassen tar ikke imot brev."),
        ("550 5.7.1 Relaying denied", "Mottakerens e-posttjener avviser portalen."),
        ("421 4.4.2 Timeout", ""),
        ("Connection refused from 10.5.1.1", ""),
        ("553 Not here", ""),
        ("", ""),
    ],
)
def test_an_answer_is_told_in_words_that_say_what_to_do(answer: str, words: str) -> None:
    told = fault_in_words(answer)
    assert told.startswith(words)
    assert bool(told) is bool(words)
