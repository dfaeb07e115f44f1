"""A mail that s-nail writes and msmtp sends, with an archive that zip locks:
what a mail server gets is imported."""

import base64
import hashlib
import os
import shutil
import subprocess

import pytest
from aiosmtpd.controller import Controller

from golden import sample_bytes
from server import free_port

PROGRAM = b"MZ, and no more\n"
TEXT = "The password is tangerine.\nhttps://login.example.org/x\n"


class Mailbox:
    """A mail server that keeps what it gets."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.append(envelope.content)
        return "250 OK"


@pytest.fixture
def mail(tmp_path):
    mailbox = Mailbox()
    (tmp_path / "payload.exe").write_bytes(PROGRAM)
    subprocess.run(["zip", "-q", "-P", "tangerine", "invoice.zip",
                    "payload.exe"], cwd=tmp_path, check=True)
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        settings = tmp_path / "msmtprc"
        settings.write_text("account default\nhost 127.0.0.1\n"
                            f"port {port}\nfrom bob@example.org\ntls off\n")
        settings.chmod(0o600)
        subprocess.run(
            ["s-nail", "-:/", "-S", "ttycharset=utf-8", "-S",
             f"mta={shutil.which('msmtp')}", "-S", f"mta-arguments=-C {settings}",
             "-S", "from=Bob Müller <bob@example.org>", "-S", "sendwait",
             "-s", "Re: Grüße, 日本", "-a", tmp_path / "invoice.zip",
             "alice@example.com"],
            input=TEXT.encode(), cwd=tmp_path, check=True,
            env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)})
    finally:
        controller.stop()
    [content] = mailbox.mails
    return content


def values(found, relation):
    return [attribute["value"] for attribute in found["Attribute"]
            if attribute["object_relation"] == relation]


def test_a_mail_that_was_sent(server, mail):
    status, answer = server.query({
        "module": "email_import", "event_id": "3",
        "config": {"unzip_attachments": "true",
                   "guess_zip_attachment_passwords": "true",
                   "extract_urls": "true"},
        "data": base64.b64encode(mail).decode()})
    assert status == 200
    found, file = (
        next(found for found in answer["results"]["Object"]
             if found["name"] == name) for name in ("email", "file"))
    assert values(found, "subject") == ["Re: Grüße, 日本"]
    assert values(found, "from") == ["bob@example.org"]
    assert values(found, "from-display-name") == ["Bob Müller"]
    assert values(found, "to") == ["alice@example.com"]
    assert values(found, "user-agent")[0].startswith("s-nail")
    [body] = values(found, "email-body")
    assert body.split() == TEXT.split()
    assert values(file, "filename") == ["payload.exe"]
    assert values(file, "sha256") == [hashlib.sha256(PROGRAM).hexdigest()]
    assert file["comment"] == ('Extracted from invoice.zip with password '
                               '"tangerine"')
    [sample] = [attribute for attribute in file["Attribute"]
                if attribute["object_relation"] == "malware-sample"]
    assert sample_bytes(sample["data"]) == PROGRAM
    assert "https://login.example.org/x" in str(answer)
