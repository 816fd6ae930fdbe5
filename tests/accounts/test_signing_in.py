import re
import socket
import time
from collections.abc import Iterator

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from accounts.asked_letters import remember_code, was_sent
from common.resilient_cache import ResilientRedisCache
from outbox.models import Letter
from people.models import User
from portal.settings.services import caches
from tests.cast import Cast
from tests.factories import make_user
from tests.worker import run_waiting_tasks, waiting_tasks

PASSWORD = "en-lang-og-god-setning"
LOGIN_URL = "/konto/logg-inn/"


@pytest.fixture(autouse=True)
def no_attempts_so_far() -> None:
    cache.clear()
    waiting_tasks()


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(browser: Client, email: str, password: str = PASSWORD):
    return browser.post(LOGIN_URL, {"login": email, "password": password})


def code_in_letter(user: User) -> str:
    run_waiting_tasks()
    letter = Letter.objects.filter(recipient=user, kind="account.login_code").first()
    found = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", letter.text)
    assert found is not None
    return found[0]


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_sign_in_with_password_leads_home(client: Client, leader: User) -> None:
    answer = sign_in(client, with_password(leader).email.upper())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_sign_in_leads_on_to_where_one_was_going(client: Client, leader: User) -> None:
    with_password(leader)
    answer = client.post(
        LOGIN_URL, {"login": leader.email, "password": PASSWORD, "next": "/personvern/"}
    )
    assert answer.headers["Location"] == "/personvern/"


def test_sign_in_never_leads_to_another_site(client: Client, leader: User) -> None:
    with_password(leader)
    answer = client.post(
        LOGIN_URL, {"login": leader.email, "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer.headers["Location"] == "/"


def test_wrong_password_and_unknown_address_are_told_alike(client: Client, leader: User) -> None:
    wrong = sign_in(client, with_password(leader).email, "feil").content.decode()
    unknown = sign_in(client, "ingen@example.org").content.decode()
    sentence = "E-postadressen og/eller passordet du oppgav er feil."
    assert (wrong.count(sentence), unknown.count(sentence)) == (1, 1)
    assert not is_signed_in(client)


def test_guessing_passwords_is_stopped(client: Client, leader: User) -> None:
    with_password(leader)
    for _attempt in range(5):
        sign_in(client, leader.email, "feil")
    page = sign_in(client, leader.email).content.decode()
    assert "For mange forsøk med passord." in page
    assert "logg inn nå med en kode på e-post eller en passnøkkel" in page
    assert not is_signed_in(client)
    client.post("/konto/logg-inn/kode/", {"email": leader.email})
    client.post("/konto/logg-inn/kode/bekreft/", {"code": code_in_letter(leader)})
    assert is_signed_in(client)


def elsewhere(number: int = 0) -> Client:
    return Client(REMOTE_ADDR=f"198.51.100.{number}")


def test_a_stranger_locks_nobody_out(client: Client, leader: User) -> None:
    with_password(leader)
    for _attempt in range(9):
        sign_in(elsewhere(), leader.email, "feil")
    assert "For mange" in sign_in(elsewhere(), leader.email).content.decode()
    sign_in(client, leader.email)
    assert is_signed_in(client)


def test_guessing_from_many_places_is_stopped_where_one_has_not_been(
    client: Client, leader: User
) -> None:
    sign_in(client, with_password(leader).email)
    for number in range(13):
        for _attempt in range(4):
            sign_in(elsewhere(number), leader.email, "feil")
    stranger = elsewhere(99)
    assert "For mange" in sign_in(stranger, leader.email).content.decode()
    at_work = Client()
    sign_in(at_work, leader.email)
    assert (is_signed_in(stranger), is_signed_in(at_work)) == (False, True)


def test_the_right_password_is_never_too_often(client: Client, leader: User) -> None:
    with_password(leader)
    for _time in range(12):
        browser = Client()
        sign_in(browser, leader.email)
        assert is_signed_in(browser)


def work(address: str, data: dict[str, str]) -> tuple[int, list[str], list[str], int]:
    """What a page has to do for what was sent, wherever it goes from there."""
    cache.clear()
    waiting_tasks()
    with CaptureQueriesContext(connection) as queries:
        answer = Client().post(address, data)
    asked = [re.sub(r"\d+|'[^']*'|%\(.*?\)s", "?", one["sql"])[:60] for one in queries]
    return answer.status_code, asked, [name for name, _ in waiting_tasks()], len(answer.content)


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/konto/passord/glemt/", {}),
        ("/konto/logg-inn/kode/", {}),
        ("/konto/logg-inn/", {"password": "feil"}),
    ],
)
def test_a_page_has_the_same_to_do_whoever_has_the_address(
    leader: User, employee: User, address: str, data: dict[str, str]
) -> None:
    with_password(leader)
    field = "login" if data else "email"
    emails = (leader.email, employee.email, "ingen@example.org")
    done = [work(address, {field: email, **data})[:3] for email in emails]
    assert done[0] == done[2]
    assert done[1] == done[2]


def test_a_password_is_hashed_once_whoever_has_the_address(
    leader: User, employee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_password(leader)
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given)
    )
    for email in (leader.email, employee.email, "ingen@example.org"):
        hashed.clear()
        sign_in(Client(), email, "feil")
        assert len(hashed) == 1


def code_of(secret: str) -> str:
    counter = int(time.time()) // 30
    return format_hotp_value(hotp_value(secret, counter))


def test_the_code_that_proved_an_app_lets_nobody_in(
    client: Client, confirmed, leader: User
) -> None:
    browser = confirmed(leader)
    page = browser.get("/konto/trinn-to/app/")
    secret = page.context["form"].secret
    code = code_of(secret)
    assert browser.post("/konto/trinn-to/app/", {"code": code}).status_code == 302
    sign_in(client, leader.email)
    spaced = f"{code[:3]} {code[3:]}"
    for typed in (code, spaced):
        client.post("/konto/logg-inn/trinn-to/", {"code": typed})
        assert not is_signed_in(client)
    refused = browser.post("/konto/bekreft/trinn-to/", {"code": code})
    assert refused.status_code == 200


def test_a_code_of_an_app_lets_in_once(client: Client, leader: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(with_password(leader), secret)
    code = code_of(secret)
    for browser, is_let_in in ((client, True), (Client(), False)):
        sign_in(browser, leader.email)
        browser.post("/konto/logg-inn/trinn-to/", {"code": code})
        assert is_signed_in(browser) is is_let_in


def test_colleagues_behind_one_address_do_not_lock_each_other_out(
    client: Client, leader: User
) -> None:
    for number in range(35):
        sign_in(client, f"person{number}@example.org", "feil")
    sign_in(client, with_password(leader).email)
    assert is_signed_in(client)


def test_sign_in_by_code_in_a_letter(client: Client, employee: User) -> None:
    sent = client.post("/konto/logg-inn/kode/", {"email": employee.email})
    assert sent.headers["Location"] == "/konto/logg-inn/kode/bekreft/"
    code = code_in_letter(employee)
    answer = client.post(sent.headers["Location"], {"code": code})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert is_signed_in(client)


def may_ask_again(browser: Client) -> bool:
    return "Send en ny kode" in browser.get("/konto/logg-inn/kode/bekreft/").content.decode()


@pytest.mark.parametrize("which", [0, 1])
def test_a_new_code_is_sent_once_and_either_lets_in(
    client: Client, employee: User, which: int
) -> None:
    client.post(ASK, {"email": employee.email})
    assert may_ask_again(client)
    assert client.post(CONFIRM, {"action": "resend"}).headers["Location"] == CONFIRM
    assert not may_ask_again(client)
    client.post(CONFIRM, {"action": "resend"})
    codes = codes_in_letters(employee)
    assert len(codes) == 2
    assert client.post(CONFIRM, {"code": codes[which]}).headers["Location"] == "/"
    assert is_signed_in(client)


def test_a_new_code_for_nobody_looks_and_costs_the_same(client: Client, employee: User) -> None:
    asked: dict[str, list[object]] = {}
    for email in (employee.email, "ingen@example.org"):
        browser = Client()
        browser.post(ASK, {"email": email})
        run_waiting_tasks()
        answer = browser.post(CONFIRM, {"action": "resend"})
        asked[email] = [answer.headers["Location"], run_waiting_tasks(), may_ask_again(browser)]
    assert asked[employee.email] == asked["ingen@example.org"]
    assert asked[employee.email] == [CONFIRM, ["accounts.tasks.send_login_code"], False]
    assert not Letter.objects.exclude(recipient=employee).exists()


def test_who_asks_anew_from_the_first_page_comes_to_where_a_new_code_is_asked_for(
    client: Client, employee: User
) -> None:
    for _time in range(2):
        assert client.post(ASK, {"email": employee.email}).headers["Location"] == CONFIRM
    assert len(codes_in_letters(employee)) == 1
    assert may_ask_again(client)


def test_a_letter_with_a_code_is_secret(client: Client, employee: User) -> None:
    client.post("/konto/logg-inn/kode/", {"email": employee.email})
    run_waiting_tasks()
    letter = Letter.objects.get(recipient=employee)
    assert (letter.kind, letter.is_secret, letter.is_readable) == (
        "account.login_code",
        True,
        False,
    )


def test_a_code_to_an_unknown_address_looks_the_same_and_sends_nothing(client: Client, db) -> None:
    answer = client.post("/konto/logg-inn/kode/", {"email": "ingen@example.org"})
    assert answer.headers["Location"] == "/konto/logg-inn/kode/bekreft/"
    assert run_waiting_tasks() == ["accounts.tasks.send_login_code"]
    assert Letter.objects.count() == 0


def test_a_code_is_forgotten_after_three_wrong_guesses(client: Client, employee: User) -> None:
    client.post("/konto/logg-inn/kode/", {"email": employee.email})
    code = code_in_letter(employee)
    for _attempt in range(3):
        client.post("/konto/logg-inn/kode/bekreft/", {"code": "XXXX-XXXX"})
    client.post("/konto/logg-inn/kode/bekreft/", {"code": code})
    assert not is_signed_in(client)


ASK = "/konto/logg-inn/kode/"
CONFIRM = f"{ASK}bekreft/"
FORGOTTEN = "/konto/passord/glemt/"


def codes_in_letters(user: User) -> list[str]:
    """The oldest first."""
    run_waiting_tasks()
    letters = Letter.objects.filter(recipient=user, kind="account.login_code").order_by("pk")
    return [re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}", letter.text)[0] for letter in letters]


def strangers_ask(address: str, email: str, *, places: int) -> None:
    """As fast as they can, until more would do nothing."""
    for number in range(places):
        stranger = elsewhere(number)
        for _time in range(4):
            assert stranger.post(address, {"email": email}).status_code == 302


@pytest.mark.parametrize("places", [1, 20])
def test_strangers_who_ask_for_codes_keep_nobody_out(
    client: Client, employee: User, places: int
) -> None:
    strangers_ask(ASK, employee.email, places=places)
    sent = client.post(ASK, {"email": employee.email})
    assert sent.headers["Location"] == CONFIRM
    codes = codes_in_letters(employee)
    assert len(codes) == 2
    assert client.post(CONFIRM, {"code": codes[-1]}).headers["Location"] == "/"
    assert is_signed_in(client)


@pytest.mark.parametrize("which", [0, 1])
def test_whoever_asked_first_may_use_a_code_that_strangers_asked_for(
    client: Client, employee: User, which: int
) -> None:
    client.post(ASK, {"email": employee.email})
    strangers_ask(ASK, employee.email, places=2)
    code = codes_in_letters(employee)[which]
    client.post(CONFIRM, {"code": code.lower().replace("-", " ")})
    assert is_signed_in(client)


def test_a_code_lets_in_once_whoever_asked_for_it(client: Client, employee: User) -> None:
    other = elsewhere()
    for browser in (other, client):
        browser.post(ASK, {"email": employee.email})
    theirs, own = codes_in_letters(employee)
    client.post(CONFIRM, {"code": theirs})
    for code in (theirs, "", own):
        assert (is_signed_in(client), is_signed_in(other)) == (True, False)
        other.post(CONFIRM, {"code": code})
    assert is_signed_in(other)


def test_a_code_lets_in_nobody_who_asked_for_another_address(
    client: Client, employee: User, leader: User
) -> None:
    client.post(ASK, {"email": leader.email})
    elsewhere().post(ASK, {"email": employee.email})
    (code,) = codes_in_letters(employee)
    client.post(CONFIRM, {"code": code})
    nobody = Client()
    nobody.post(ASK, {"email": "ingen@example.org"})
    nobody.post(CONFIRM, {"code": code})
    assert (is_signed_in(client), is_signed_in(nobody)) == (False, False)


@pytest.mark.parametrize("first", ["eget@example.org", "en.annens@example.org"])
def test_a_code_drawn_for_two_addresses_lets_neither_in_by_the_others(first: str, db) -> None:
    """A stranger who asks for very many of their own would by chance hold another's."""
    cache.clear()
    (second,) = {"eget@example.org", "en.annens@example.org"} - {first}
    remember_code("eget@example.org", "WXYZ-WXYZ", is_sent=True)
    remember_code(first, "ABCD-FGHJ", is_sent=True)
    assert was_sent("WXYZ-WXYZ", asked_with="ABCD-FGHJ") is (first == "eget@example.org")
    remember_code(second, "ABCD-FGHJ", is_sent=False)
    assert not was_sent("WXYZ-WXYZ", asked_with="ABCD-FGHJ")


def test_whoever_has_signed_in_gets_a_new_code(client: Client, employee: User) -> None:
    strangers_ask(ASK, employee.email, places=1)
    client.post(ASK, {"email": employee.email})
    client.post(CONFIRM, {"code": codes_in_letters(employee)[0]})
    assert is_signed_in(client)
    phone = Client()
    phone.post(ASK, {"email": employee.email})
    codes = codes_in_letters(employee)
    phone.post(CONFIRM, {"code": codes[-1]})
    assert (len(codes), is_signed_in(phone)) == (3, True)


@pytest.mark.parametrize(
    ("address", "kind"), [(ASK, "code_letter"), (FORGOTTEN, "password_letter")]
)
def test_an_address_gets_few_letters_an_hour_however_it_is_spelt(
    employee: User, settings, address: str, kind: str
) -> None:
    email = employee.email
    for spelt in (email, email.upper(), email.replace("i", "ı"), f" {email}"):
        strangers_ask(address, spelt, places=2)
    run_waiting_tasks()
    assert Letter.objects.filter(recipient=employee).count() == 2
    assert settings.ACCOUNT_RATE_LIMITS[kind] == "2/300s/key"  # 24 an hour
    assert settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT >= 2 * 300


@pytest.mark.parametrize("places", [1, 20])
def test_strangers_who_ask_for_new_passwords_keep_nobody_from_one(
    client: Client, employee: User, places: int
) -> None:
    strangers_ask(FORGOTTEN, employee.email, places=places)
    assert client.post(FORGOTTEN, {"email": employee.email}).status_code == 302
    run_waiting_tasks()
    letters = Letter.objects.filter(recipient=employee, kind="account.password_reset_key")
    assert len(letters) == 2
    for letter in letters:
        (link,) = re.findall(r"https?://\S+(/konto/passord/nytt/\S+)", letter.text)
        assert client.get(link, follow=True).status_code == 200


def test_a_link_that_died_by_signing_in_is_sent_anew(client: Client, employee: User) -> None:
    with_password(employee)
    strangers_ask(FORGOTTEN, employee.email, places=1)
    sign_in(client, employee.email)
    Client().post(FORGOTTEN, {"email": employee.email})
    run_waiting_tasks()
    assert Letter.objects.filter(kind="account.password_reset_key").count() == 3


def test_a_code_goes_to_whoever_has_the_address_now(
    client: Client, employee: User, stranger: User
) -> None:
    """HR gave the employee's old address to somebody else; allauth's own list lags behind."""
    address = employee.email
    EmailAddress.objects.create(user=employee, email=address, verified=True, primary=True)
    User.objects.filter(pk=employee.pk).update(email="ny@example.org")
    User.objects.filter(pk=stranger.pk).update(email=address)
    sent = client.post("/konto/logg-inn/kode/", {"email": address})
    client.post(sent.headers["Location"], {"code": code_in_letter(stranger)})
    assert client.session["_auth_user_id"] == str(stranger.pk)
    assert Letter.objects.filter(recipient=employee).count() == 0


def test_a_new_password_goes_to_whoever_has_the_address_now(
    client: Client, employee: User, stranger: User
) -> None:
    address = employee.email
    EmailAddress.objects.create(user=employee, email=address, verified=True, primary=True)
    User.objects.filter(pk=employee.pk).update(email="ny@example.org")
    User.objects.filter(pk=stranger.pk).update(email=address)
    client.post("/konto/passord/glemt/", {"email": address})
    run_waiting_tasks()
    assert [letter.recipient for letter in Letter.objects.all()] == [stranger]


def test_a_forgotten_password_is_chosen_anew_by_a_link_on_the_portals_own_address(
    client: Client, leader: User, settings
) -> None:
    settings.SITE_URL = "https://leder.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/konto/passord/glemt/", {"email": leader.email}, headers={"Host": "evil.example"})
    run_waiting_tasks()
    letter = Letter.objects.get(kind="account.password_reset_key")
    link = re.search(r"https://leder\.example\.org(/konto/passord/nytt/\S+)", letter.text)
    assert link is not None
    page = client.get(link[1], follow=True)
    form = page.request["PATH_INFO"]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    leader.refresh_from_db()
    assert leader.check_password(PASSWORD)
    used = client.get(link[1], follow=True)
    assert used.status_code == 410
    assert used.content.decode().count("gjelder ikke lenger") == 1
    assert f'href="{reverse("account_reset_password")}"' in used.content.decode()


def test_a_short_or_common_password_is_refused_with_a_sentence(
    signed_in, leader: User, settings
) -> None:
    with_password(leader)
    page = signed_in(leader).post(
        "/konto/passord/",
        {"oldpassword": PASSWORD, "password1": "kort", "password2": "kort"},
    )
    assert "12" in page.content.decode()
    leader.refresh_from_db()
    assert leader.check_password(PASSWORD)


def test_a_changed_password_is_told_of_in_a_letter(signed_in, leader: User) -> None:
    with_password(leader)
    new = PASSWORD + "-til"
    signed_in(leader).post(
        "/konto/passord/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    letter = Letter.objects.get(recipient=leader)
    assert (letter.kind, letter.is_secret) == ("account.password_changed", False)


def test_a_letter_that_the_portal_does_not_know_is_not_sent(leader: User, rf) -> None:
    """allauth writes to unknown addresses and about sign-ups; neither exists here."""
    get_adapter().send_mail("account/email/unknown_account", leader.email, {})
    assert Letter.objects.count() == 0


def test_nobody_signs_up() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_sign_up_is_closed_should_a_page_ever_ask(rf) -> None:
    assert get_adapter().is_open_for_signup(rf.get("/")) is False
    assert get_social_adapter().is_open_for_signup(rf.get("/"), None) is False


def test_whoever_has_no_position_is_told_so_and_not_let_in(client: Client, cast: Cast) -> None:
    former = with_password(make_user("Tore Gran", email="tore@example.org"))
    answer = sign_in(client, former.email)
    assert (answer.status_code, "har du ingen nå" in answer.content.decode()) == (403, True)
    assert not is_signed_in(client)


def test_the_second_step_is_asked_for(client: Client, leader: User) -> None:
    TOTP.activate(with_password(leader), generate_totp_secret())
    answer = sign_in(client, leader.email)
    assert answer.headers["Location"] == "/konto/logg-inn/trinn-to/"
    assert not is_signed_in(client)
    assert client.get("/konto/logg-inn/trinn-to/").status_code == 200


def test_the_secret_of_the_app_is_not_readable_in_the_database(leader: User) -> None:
    secret = generate_totp_secret()
    stored = TOTP.activate(leader, secret).instance.data["secret"]
    assert secret not in stored
    assert get_mfa_adapter().decrypt(stored) == secret


def test_the_secret_of_the_app_opens_after_the_key_is_changed(leader: User, settings) -> None:
    locked = get_mfa_adapter().encrypt("JBSWY3DP")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-one"
    assert get_mfa_adapter().decrypt(locked) == "JBSWY3DP"


def test_the_qr_code_is_drawn_in_the_page(leader: User) -> None:
    drawing = get_mfa_adapter().build_totp_svg("otpauth://totp/x")
    assert drawing.startswith("<svg")
    assert "style=" not in drawing


def test_signing_out_ends_the_session(signed_in, leader: User) -> None:
    browser = signed_in(leader)
    asked = browser.get("/konto/logg-ut/")
    assert (asked.status_code, asked.headers.get("Clear-Site-Data")) == (200, None)
    signed_out = browser.post("/konto/logg-ut/")
    assert not is_signed_in(browser)
    assert signed_out.headers["Clear-Site-Data"] == '"cache"'


# While Redis is away


@pytest.fixture
def redis_away(settings) -> Iterator[None]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.CACHES = caches(f"redis://127.0.0.1:{taken.getsockname()[1]}/0")
        yield
        cache.clear()
    ResilientRedisCache.rests_until.clear()


def test_password_lets_in_while_redis_is_away(
    client: Client, leader: User, redis_away: None
) -> None:
    answer = sign_in(client, with_password(leader).email)
    assert (answer.status_code, is_signed_in(client)) == (302, True)


def test_strangers_keep_nobody_out_while_redis_is_away(
    client: Client, employee: User, redis_away: None
) -> None:
    strangers_ask(ASK, employee.email, places=2)
    client.post(ASK, {"email": employee.email})
    client.post(CONFIRM, {"code": codes_in_letters(employee)[-1]})
    assert is_signed_in(client)


def test_code_lets_in_while_redis_is_away(client: Client, leader: User, redis_away: None) -> None:
    client.post(reverse("account_request_login_code"), {"email": leader.email})
    answer = client.post(reverse("account_confirm_login_code"), {"code": code_in_letter(leader)})
    assert (answer.status_code, is_signed_in(client)) == (302, True)


def test_forgotten_password_is_taken_while_redis_is_away(
    client: Client, leader: User, redis_away: None
) -> None:
    with_password(leader)
    answer = client.post(reverse("account_reset_password"), {"email": leader.email})
    run_waiting_tasks()
    kinds = Letter.objects.filter(recipient=leader).values_list("kind", flat=True)
    assert (answer.status_code, list(kinds)) == (302, ["account.password_reset_key"])


def test_guessing_passwords_is_stopped_while_redis_is_away(
    client: Client, leader: User, redis_away: None
) -> None:
    with_password(leader)
    for _attempt in range(5):
        sign_in(client, leader.email, "feil")
    sign_in(client, leader.email)
    assert not is_signed_in(client)
