"""The office file: every mistake told at once, secrets in files that nobody else may read."""

from __future__ import annotations

import pytest

from portal.letters.officefile import NO_OFFICE, WrongOffice, load, parse
from portal.letters.outbox import CARDS, CASE, NOTICE

from .conftest import RULES

GOOD = """
[delivery]
by = "open311"
[open311]
url = "https://cases.city.example/open311/v2"
key_file = "cases.key"
services = { complain = "101", "complain.water" = "102" }
[sms]
url = "http://127.0.0.1:13013/cgi-bin/sendsms"
password_file = "sms.key"
number = "15907200123"
[mail]
host = "mail.city.example"
sender = "letters@city.example"
other = "office@city.example"
units = { water = "water@city.example" }
[[template]]
id = "accepted"
text = "受理了%(number)s"
registered = "CM-7"
"""


def secret(folder, name, text="s3cret", mode=0o600):
    (folder / name).write_text(text)
    (folder / name).chmod(mode)


def test_a_whole_office(tmp_path) -> None:
    secret(tmp_path, "cases.key")
    secret(tmp_path, "sms.key")
    (tmp_path / "office.toml").write_text(GOOD)
    office = load(tmp_path / "office.toml", RULES)
    assert office.lanes == {CASE, NOTICE, CARDS}
    assert office.secrets == {"open311.key_file": "s3cret", "sms.password_file": "s3cret"}
    assert "s3cret" not in repr(office)
    assert (
        office.mailbox("water") == "water@city.example" and office.mailbox("roads") == "office@city.example"
    )
    assert office.owns[0].registered == "CM-7"


def test_a_city_that_has_written_none_keeps_its_letters_at_the_desk() -> None:
    assert NO_OFFICE.lanes == frozenset() and NO_OFFICE.delivery.by == "desk"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[delivry]\n", "did you mean 'delivery'"),
        ('[delivery]\nby = "pigeon"\n', "'desk', 'open311' or 'mail'"),
        ('[delivery]\nby = "open311"\n', "[open311] url"),
        ('[delivery]\nby = "mail"\n', "[mail] host"),
        ('[open311]\nurl = "ftp://x"\n', "line 2"),
        ('[mail]\nhost = "m"\nsender = "a@b"\nunits = { watr = "w@c" }\n', "did you mean 'water'"),
        ('[mail]\nsender = "a@b\\r\\nBcc: c@d"\n', "an e-mail address"),
        ('[[template]]\nid = "praise"\n', "one of received"),
        ('[[template]]\nid = "accepted"\ntext = "%(code)s"\n', "it names code"),
        ('[sms]\npassword_file = "nowhere"\n', "cannot be read"),
        ('[sms]\nnumber = "city"\n', "digits"),
        ("[desk]\nhours = 100\n", "0.1 to 24"),
        ("[sms\n", "not TOML"),
    ],
)
def test_mistakes_are_told_with_their_place(text, said, tmp_path) -> None:
    with pytest.raises(WrongOffice) as wrong:
        parse(text, RULES, tmp_path / "office.toml")
    assert said in str(wrong.value)


def test_all_mistakes_at_once(tmp_path) -> None:
    text = '[delivery]\nby = "x"\n[desk]\nhours = 0\n[sms]\nmessages = 99\n'
    with pytest.raises(WrongOffice) as wrong:
        parse(text, RULES, tmp_path / "office.toml")
    assert len(wrong.value.problems) == 3


@pytest.mark.parametrize(
    ("mode", "text", "said"), [(0o644, "s3cret", "chmod 600"), (0o600, "a\nb", "one line")]
)
def test_a_secret_that_others_may_read_is_none(mode, text, said, tmp_path) -> None:
    secret(tmp_path, "k", text, mode)
    with pytest.raises(WrongOffice) as wrong:
        parse('[sms]\npassword_file = "k"\n', RULES, tmp_path / "office.toml")
    assert said in str(wrong.value) and "s3cret" not in str(wrong.value)
