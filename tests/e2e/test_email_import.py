"""Mails that are too large to be cases, or made by other programs; and what is
no mail at all, but wants to keep the parser busy or make it fail."""

import base64
import email
import email.headerregistry
import email.message
import email.mime.application
import email.mime.multipart
import hashlib
import io
import os
import random
import shutil
import subprocess
import time
import zipfile

import pytest

from golden import sample_bytes
from server import SANITIZED

HEAD = "From: a@example.org\nTo: b@example.org\nSubject: s\n"
HTML = HEAD + "Content-Type: text/html\n\n"
MIXED = HEAD + "Content-Type: multipart/mixed; boundary=B\n\n"
ALL = {"unzip_attachments": "true", "guess_zip_attachment_passwords": "true",
       "extract_urls": "true", "remove_subject_markers": "true"}
SECONDS = 30 if SANITIZED else 8


@pytest.fixture(scope="module")
def patient(make_server):
    """The deadline of the other servers is short; here it is MISP's."""
    with make_server(workers=2, timeout=SECONDS + 2) as instance:
        yield instance


def ask(server, mail, **config):
    data = mail.encode() if isinstance(mail, str) else mail
    status, answer = server.query({
        "module": "email_import", "event_id": "3", "config": config,
        "data": base64.b64encode(data).decode()})
    assert status == 200
    return answer


def objects(answer, name):
    assert "error" not in answer, answer
    return [found for found in answer["results"]["Object"]
            if found["name"] == name]


def values(found, relation):
    return [attribute["value"] for attribute in found["Attribute"]
            if attribute["object_relation"] == relation]


def sample(found):
    return sample_bytes(next(attribute["data"]
                             for attribute in found["Attribute"]
                             if attribute["object_relation"]
                             == "malware-sample"))


def with_zip(files, text="See below.", name="a.zip"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            archive.writestr(path, content)
    return (MIXED + f"--B\n\n{text}\n--B\nContent-Type: application/zip; "
            f"name={name}\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(packed.getvalue()).decode() + "--B--\n")


# ---- What may come, and is answered ----

def test_large_attachment(patient):
    content = random.Random(1).randbytes(7 << 20)
    mail = email.mime.multipart.MIMEMultipart()
    mail["Subject"] = "large"
    mail.attach(email.mime.application.MIMEApplication(content, Name="l.bin"))
    answer = ask(patient, mail.as_bytes())
    [found] = objects(answer, "file")
    assert values(found, "sha256") == [hashlib.sha256(content).hexdigest()]
    [mail_object] = objects(answer, "email")
    assert values(mail_object, "subject") == ["large"]


def test_nul_bytes(server):
    answer = ask(server, HEAD.encode() + b"X-A: b\0c\nContent-Type: text/html"
                 b"\n\n<p>a\0b</p><a href='http://www.exa\0mple.org/'>x</a>"
                 + b"\0" * 1000, extract_urls="yes")
    [mail] = objects(answer, "email")
    assert values(mail, "email-body") == [
        "<p>ab</p><a href='http://www.example.org/'>x</a>"]
    [url] = objects(answer, "url")
    assert values(url, "host") == ["www.example.org"]


def test_more_attachments_than_are_taken(patient):
    answer = ask(patient, MIXED + "--B\nContent-Type: a/b\n\nx\n" * 1500
                 + "--B--")
    assert len(objects(answer, "file")) == 1000
    [mail] = objects(answer, "email")
    assert mail["comment"] == ("Only the first 1000 of 1500 attachments are "
                               "here")


def test_more_urls_than_are_taken(server):
    answer = ask(server, HEAD + "\n" + "".join(
        f"http://a{number}.example.org/ " for number in range(1500)),
        extract_urls="true")
    assert len(objects(answer, "url")) == 1000
    [mail] = objects(answer, "email")
    assert mail["comment"] == "Only the first 1000 URLs of its text are here"


def test_more_addresses_than_are_taken(patient):
    [mail] = objects(ask(
        patient, "To: a: " + ",".join(f"{number}@x" for number in range(12000))
        + ";\n\n"), "email")
    assert len(values(mail, "to")) == 10000
    assert mail["comment"] == ("Only the first 10000 addresses of its field "
                               "To are here")


def test_more_hosts_than_are_taken(server):
    """Each cut is told."""
    answer = ask(server, "".join(
        f"Received: from a{number}.example.org by b\n"
        for number in range(1200)) + HEAD + "\n" + "".join(
        f"http://a{number}.example.org/ " for number in range(1500)),
        extract_urls="true")
    [mail] = objects(answer, "email")
    assert len(values(mail, "received-header-hostname")) == 1000
    assert mail["comment"] == (
        "Only the first 1000 hosts of its Received fields are here; "
        "Only the first 1000 URLs of its text are here")


def test_subjects_of_python(server):
    """Encoded by another program."""
    mail = email.message.EmailMessage()
    mail["Subject"] = "Re: Grüße, 日本語 " + "lang " * 30 + "ende"
    mail["From"] = email.headerregistry.Address(
        "Jürgen, Ä.", "j", "example.org")
    mail.set_content("Grüße\n")
    mail.add_alternative("<p>Grüße</p>", subtype="html")
    mail.add_attachment(b"1", maintype="a", subtype="b",
                        filename="Müll, " + "lang " * 30 + "日本.txt")
    answer = ask(server, mail.as_bytes(), **ALL)
    [found] = objects(answer, "email")
    assert values(found, "subject") == [
        "Grüße, 日本語 " + "lang " * 30 + "ende"]
    assert values(found, "from") == ["j@example.org"]
    assert values(found, "from-display-name") == ["Jürgen, Ä."]
    assert values(found, "email-body") == ["Grüße", "<p>Grüße</p>"]
    [attached] = objects(answer, "file")
    assert values(attached, "filename") == [
        "Müll, " + "lang " * 30 + "日本.txt"]


@pytest.mark.parametrize("words, text", [
    ("=?utf-8?B?R3LDvMOfZSw=?= =?utf-8?B?IOaXpeacrA==?=", "Grüße, 日本"),
    ("=?utf-8?B?R3LDvMOfZSw=?=\n\t=?UTF-8?b?IOaXpeacrA==?=", "Grüße, 日本"),
    ("=?utf-8?B?YQ==?= =?utf-8?B?Yg==?= =?utf-8?B?Yw==?=", "abc"),
    ("=?utf-8?B?YQ?= =?utf-8?B?YmM?=", "abc"),  # no padding
    ("=?utf-8?B?5pel5g==?= =?utf-8?B?nKw=?=", "日本"),  # inside a letter
    ("=?iso-8859-1?B?/A==?= =?utf-8?B?w7w=?=", "üü"),
    ("=?utf-8?Q?a?= =?utf-8?B?Yg==?= =?utf-8?Q?c?=", "abc"),
    ("=?utf-8?B?YQ==?= and =?utf-8?B?Yg==?=", "a and b"),
    ("=?utf-8?B?YQ==?==?utf-8?B?Yg==?=", "ab"),
])
def test_encoded_words(server, words, text):
    """Next to each other, of which GMime alone reads the first."""
    answer = ask(server, f"From: {words} <a@example.org>\nSubject: {words}\n"
                 f"Content-Disposition: attachment; filename=\"{words}\"\n"
                 "\nx\n")
    [mail] = objects(answer, "email")
    assert values(mail, "subject") == [text]
    assert values(mail, "from-display-name") == [text]
    assert values(objects(answer, "file")[0], "filename") == [text]


@pytest.mark.parametrize("field, addresses", [
    # As the mail has them: no phrase, so no encoded word.
    ("=?utf-8?B?YQ?=@example.org", ["=?utf-8?B?YQ?=@example.org"]),
    ("=?utf-8?B?YQ==?==?utf-8?B?Yg==?=@example.org",
     ["=?utf-8?B?YQ==?==?utf-8?B?Yg==?=@example.org"]),
    # No charset has such a name.
    ("=?,a@example.org,?B?YQ?= =?,A@example.org,?B?Yg?=",
     ["a@example.org", "A@example.org"]),
])
def test_encoded_words_are_no_addresses(server, field, addresses):
    [mail] = objects(ask(server, f"From: {field}\nSubject: x\n\nx\n"), "email")
    assert [value for value in values(mail, "from")
            if "@" in value] == addresses


@pytest.mark.parametrize("mail, text", [
    ("Subject: x\nFrom here on it is text\n\nmore\n",
     "From here on it is text\n\nmore"),
    ("Subject: x\nFrom here on\nit is text\n", "From here on\nit is text"),
    ("Subject: x\nFrom here\nFrom there\n", "From here\nFrom there"),
    ("Subject: x\nFrom a@example.org\nTo: b@example.org\n\nx\n", "x"),
])
def test_a_text_that_begins_as_a_mailbox_does(server, mail, text):
    [mail] = objects(ask(server, mail), "email")
    assert values(mail, "subject") == ["x"]
    assert values(mail, "email-body") == [text]


# ---- Archives ----

def test_zip_with_too_much_in_it(patient):
    """The files that are small enough are there, and the archive as well."""
    answer = ask(patient, with_zip([("small", b"x"),
                                    ("zeros", bytes(100 << 20)),
                                    ("behind", b"y")]), **ALL)
    small, archive = objects(answer, "file")
    assert values(small, "filename") == ["small"]
    assert small["comment"] == "Extracted from a.zip"
    assert values(archive, "filename") == ["a.zip"]
    assert archive["comment"] == ("Not all of this archive could be unpacked: "
                                  "it is damaged, or too much is in it")


def test_zip_with_too_many_files(patient):
    answer = ask(patient, with_zip([(f"f{number}", b"x")
                                    for number in range(2000)]), **ALL)
    assert len(objects(answer, "file")) == 1001


def test_password_among_many_words(patient):
    """Of the mail's text, not of the first words only."""
    words = " ".join(f"w{number}" for number in range(600))
    packed = subprocess.run(
        ["bsdtar", "--format", "zip", "--options", "zip:encryption=aes256",
         "--passphrase", "w599", "-cf", "-", os.path.basename(__file__)],
        cwd=os.path.dirname(__file__), capture_output=True, check=True).stdout
    answer = ask(patient, MIXED + f"--B\n\n{words}\n--B\nContent-Type: "
                 "application/zip; name=a.zip\nContent-Transfer-Encoding: "
                 "base64\n\n" + base64.encodebytes(packed).decode()
                 + "--B--\n", **ALL)
    [found] = objects(answer, "file")
    assert found["comment"] == 'Extracted from a.zip with password "w599"'
    assert sample(found) == open(__file__, "rb").read()


def locked(tmp_path, encryption, files, text):
    """A mail with a ZIP archive whose password is "w5999"."""
    for name, content in files:
        (tmp_path / name).write_bytes(content)
    packed = subprocess.run(
        ["bsdtar", "--format", "zip", "--options",
         f"zip:encryption={encryption}", "--passphrase", "w5999", "-cf", "-",
         *(name for name, _ in files)],
        cwd=tmp_path, capture_output=True, check=True).stdout
    return (MIXED + f"--B\n\n{text}\n--B\nContent-Type: application/zip; "
            "name=a.zip\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(packed).decode() + "--B--\n")


# Made with zip -P tangerine: an empty file, which "w65" opens as well, and one
# with a text.
EMPTY_AND_NOTE = """\
UEsDBAoACQAAAFufeF0AAAAADAAAAAAAAAAJAAAAZW1wdHkudHh0ntkgZcYd66ieC88vUEsHCAAA
AAAMAAAAAAAAAFBLAwQKAAkAAABpoHhdIPbz1BQAAAAIAAAACAAAAG5vdGUudHh05mO7sBdHulpW
oVLS5yYTX59mP3BQSwcIIPbz1BQAAAAIAAAAUEsBAh4DCgAJAAAAW594XQAAAAAMAAAAAAAAAAkA
AAAAAAAAAAAAAKSBAAAAAGVtcHR5LnR4dFBLAQIeAwoACQAAAGmgeF0g9vPUFAAAAAgAAAAIAAAA
AAAAAAEAAACkgUMAAABub3RlLnR4dFBLBQYAAAAAAgACAG0AAACNAAAAAAA=
"""


def test_password_beside_an_empty_file(patient):
    """One of 256 wrong passwords opens an empty file."""
    empty, note = objects(ask(
        patient, MIXED + "--B\n\nOrder w65, password tangerine\n--B\n"
        "Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding:"
        f" base64\n\n{EMPTY_AND_NOTE}--B--\n", **ALL), "file")
    assert values(empty, "filename") == ["empty.txt"]
    assert sample(note) == b"Pay now."
    assert note["comment"] == 'Extracted from a.zip with password "tangerine"'


def test_too_many_words_to_be_tried(patient, tmp_path):
    words = " ".join(f"x{number}" for number in range(30000))
    [found] = objects(ask(patient, locked(
        tmp_path, "traditional", [("full", b"x" * 1000)], words), **ALL),
        "file")
    assert found["comment"] == (
        "Encrypted Zip: Password could not be cracked from message (not all "
        "of its words were tried)")


def test_little_time_for_many_locked_archives(patient, tmp_path):
    """A search of its own for each would take a minute."""
    words = " ".join(f"x{number}" for number in range(19000))
    mail = locked(tmp_path, "aes256", [("full", b"x" * 1000)], words)
    part = mail[mail.rindex("--B\nContent-Type"):-len("--B--\n")]
    start = time.monotonic()
    answer = ask(patient, mail[:-len("--B--\n")] + part * 20 + "--B--\n",
                 **ALL)
    assert time.monotonic() - start < SECONDS
    assert len(objects(answer, "file")) == 21


# ---- Outlook ----

def properties(head, numbers=()):
    """A stream of properties of fixed size: (tag, number)."""
    return bytes(head) + b"".join(
        tag.to_bytes(4, "little") + bytes(4) + number.to_bytes(8, "little")
        for tag, number in numbers)


def stream(folder, tag, content):
    if isinstance(content, str):
        content = content.encode("utf-16-le")
    (folder / f"__substg1.0_{tag}").write_bytes(content)


def write_message(folder, head, subject, attachments=()):
    folder.mkdir(exist_ok=True)
    stream(folder, "0037001F", subject)
    stream(folder, "1000001F", f"Text of {subject}")
    stream(folder, "0C1A001F", "Älice")
    stream(folder, "5D01001F", "alice@example.org")
    stream(folder, "10130102", f"<p>HTML of {subject} ü</p>".encode("cp1252"))
    (folder / "__properties_version1.0").write_bytes(properties(
        head, [(0x00390040, 133485408000000000), (0x3FDE0003, 1252)]))
    for number, (kind, name, address) in enumerate([
            (1, "Bob", "bob@example.org"), (2, "", "c@example.org"),
            (3, "Dave", "d@example.org"), (1, "Ex", "/O=EXCHANGE")]):
        part = folder / f"__recip_version1.0_#{number:08X}"
        part.mkdir()
        stream(part, "3001001F", name)
        stream(part, "3003001F", address)
        (part / "__properties_version1.0").write_bytes(
            properties(8, [(0x0C150003, kind)]))
    for number, (name, content) in enumerate(attachments):
        part = folder / f"__attach_version1.0_#{number:08X}"
        part.mkdir()
        stream(part, "3707001F", name)
        (part / "__properties_version1.0").write_bytes(properties(8))
        if content is None:
            write_message(part / "__substg1.0_3701000D", 24, name)
        else:
            stream(part, "37010102", content)


def make_msg(tmp_path, *arguments):
    """Packed by the gsf of libgsf-bin."""
    root = tmp_path / "message"
    write_message(root, 32, *arguments)
    subprocess.run(["gsf", "createole", tmp_path / "m.msg",
                    *sorted(root.iterdir())], check=True,
                   capture_output=True, cwd=root)
    return (tmp_path / "m.msg").read_bytes()


@pytest.mark.skipif(not shutil.which("gsf"), reason="libgsf-bin")
def test_outlook_message(server, tmp_path):
    content = make_msg(tmp_path, "Grüße", [("Müll.bin", b"\0\1\2" * 5000),
                                           ("Inner", None)])
    answer = ask(server, content, **ALL)
    [mail] = objects(answer, "email")
    found = {attribute["object_relation"]: attribute
             for attribute in mail["Attribute"]}
    assert base64.b64decode(found["msg"]["data"]) == content
    assert found["eml"]["comment"] == "Converted from MSG format"
    assert email.message_from_bytes(base64.b64decode(
        found["eml"]["data"]))["Cc"] == "c@example.org"
    assert values(mail, "email-body") == ["Text of Grüße",
                                          "<p>HTML of Grüße ü</p>"]
    assert values(mail, "subject") == ["Grüße"]
    assert values(mail, "from") == ["alice@example.org"]
    assert values(mail, "from-display-name") == ["Älice"]
    assert values(mail, "to") == ["bob@example.org"]
    assert values(mail, "bcc") == ["d@example.org"]
    assert values(mail, "send-date") == ["2024-01-01T00:00:00+00:00"]
    binary, inner = objects(answer, "file")
    assert values(binary, "filename") == ["Müll.bin"]
    assert sample(binary) == b"\0\1\2" * 5000
    assert values(inner, "filename") == ["Inner.eml"]
    assert b"Subject: Inner" in sample(inner)


@pytest.mark.skipif(not shutil.which("gsf"), reason="libgsf-bin")
def test_damaged_outlook_messages(patient, tmp_path):
    """An answer to each: an error, or what could be read."""
    content = make_msg(tmp_path, "subject", [("a.bin", bytes(9000)),
                                             ("Inner", None)])
    dice = random.Random(7)
    for size in [8, 100, 512, 1000, 5000, len(content) // 2]:
        ask(patient, content[:size])
    for _ in range(100):
        damaged = bytearray(content)
        for _ in range(dice.randrange(1, 20)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        answer = ask(patient, bytes(damaged), **ALL)
        assert "crashed" not in answer.get("error", ""), answer["error"]


def test_container_that_is_no_message(server):
    """Its directory is chained more deeply than any stack could follow."""
    entry = bytearray(128)
    entry[0x40:0x44] = b"\x04\x00\x01\x01"
    answer = ask(server, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
                 + bytes(entry) * 20000)
    assert answer["error"] == (
        "The file is no Outlook message that can be read: its container is "
        "damaged or has too many entries")


# ---- What keeps a parser busy ----

def nested(count, inside=""):
    return (HEAD + "".join(f"Content-Type: multipart/mixed; boundary=B{n}\n\n"
                           f"--B{n}\n" for n in range(count)) + "\nx\n"
            + inside)


HOSTILE = {
    "a hundred thousand parts": lambda: MIXED + "--B\n\nx\n" * 100000,
    "multiparts in each other": lambda: nested(10000),
    "mails in each other":
        lambda: HEAD + "Content-Type: message/rfc822\n\n" * 20000,
    "a megabyte of addresses": lambda: HEAD + "Cc: " + "a@b," * 250000 + "\n",
    "a megabyte of brackets": lambda: HEAD + "Cc: " + "(<" * 500000 + "\n",
    "a megabyte of hosts": lambda: HEAD + "".join(
        f"Received: from a{n}.example.com (8.8.{n >> 8}.{n & 255})\n"
        for n in range(20000)),
    "a long field of hosts":
        lambda: HEAD + "Received: " + "from a (" * 125000 + "\n",
    "a megabyte of parameters": lambda: HEAD + "Content-Type: a/b; " + "; ".join(
        f"a{n}=b" for n in range(90000)),
    "a megabyte of encoded words":
        lambda: HEAD + "X: " + "=?iso-2022-jp?b?GyRC?= =?big5?q?=ff?= " * 25000,
    "tags in each other": lambda: HTML + "<b>" * 1500000 + "</i>" * 1000000,
    "a tag with a million attributes":
        lambda: HTML + "<a " + " ".join(f"a{n}" for n in range(1000000)),
    "an endless comment": lambda: HTML + "<!--" * 2000000,
    "signs that begin a tag": lambda: HTML + "<" * 8000000,
    "a long link": lambda: HTML + '<a href="' + "&a" * 4000000,
    "brackets behind a link": lambda: HEAD + "\nhttp://a.b/" + ")" * 8000000,
    "rubbish in a charset": lambda: HEAD.encode()
        + b"Content-Type: text/plain; charset=big5\n\n"
        + random.Random(2).randbytes(8 << 20),
    "zip bomb": lambda: with_zip([("zeros", bytes(512 << 20))]),
    "words": lambda: with_zip([("x", b"x")], "\n".join(
        str(n) for n in range(1000000))),
}
REFUSED = {
    "a header of ten megabytes": (
        lambda: HEAD + "X-A: b\n" * 1500000,
        "The header of the e-mail is too long: it has more than 1048576 "
        "bytes"),
    "groups in each other": (
        lambda: MIXED + "--B\nContent-Type: message/rfc822\n\nTo: "
        + "a:" * 500000, "The e-mail has a field with too many groups of "
        "addresses to be read"),
    "boundaries in each other": (
        lambda: nested(900, "--x\n" * 2000000),
        "The e-mail has too many parts in each other to be read"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile(patient, what):
    if SANITIZED and what == "rubbish in a charset":
        pytest.skip("takes more than half a minute under the sanitizer")
    mail = HOSTILE[what]()
    began = time.monotonic()
    answer = ask(patient, mail, **{**ALL, "remove_subject_markers": None})
    assert len(objects(answer, "email")) == 1
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("what", REFUSED)
def test_refused(patient, what):
    make, message = REFUSED[what]
    mail = make()
    began = time.monotonic()
    assert ask(patient, mail)["error"] == message
    assert time.monotonic() - began < SECONDS
