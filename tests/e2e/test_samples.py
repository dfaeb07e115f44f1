"""Files that no one here made, from the packages that tests/samples.sh names,
read by our modules and by other programs."""

import base64
import collections
import email
import email.errors
import email.policy
import email.utils
import hashlib
import html
import re
import subprocess
import zipfile

import pytest

from server import ROOT, SANITIZED

SAMPLES = ROOT / "build-samples"
MIMETYPES = "golang-github-gabriel-vasile-mimetype-dev"
SPAM = SAMPLES / "fuzzyocr/usr/share/doc/fuzzyocr/examples"
PICTURES = {".ani", ".bmp", ".gif", ".icns", ".ico", ".jpeg", ".jpg", ".png",
            ".pnm", ".ppm", ".qtif", ".tga", ".tif", ".tiff", ".xbm", ".xpm"}
# What the modules say of a picture that is whole, but says nothing to them,
# and of one that is damaged, is none or is far too large.
NOTHING = {"qrcode": "No QR code found in image.",
           "ocr_enrich": "No text found in image."}
REFUSED = re.compile(
    "Not a valid image file.|The image is too large .*|Couldn't analyze file "
    "type. Only images are supported right now.")


@pytest.fixture(scope="module")
def patient(make_server):
    with make_server(workers=2, timeout=60, max_memory=2 << 30) as instance:
        yield instance


def samples(pattern, packages="*"):
    """The files of some packages. The sanitizer makes do with some of many."""
    found = sorted(path for package in SAMPLES.glob(packages)
                   for path in package.rglob(pattern) if path.stat().st_size)
    assert found, f"no {pattern}: run tests/samples.sh {SAMPLES}"
    return found[::1 + len(found) // 50] if SANITIZED else found


def ask(server, module, content, **config):
    status, answer = server.query({
        "module": module, "event_id": "3", "attachment": "sample",
        "config": config, "data": base64.b64encode(content).decode()})
    assert status == 200
    return answer


def squeezed(text):
    """Without white space, of which each program has its own idea."""
    return "".join(text.split())


# ---- Mails ----

def field(mail, name):
    """As Python reads it; None where it cannot."""
    try:
        return mail[name]
    except (email.errors.HeaderParseError, ValueError):
        return None


def addresses(mail, *names):
    fields = [str(field(mail, name) or "") for name in names]
    return [address for _, address in email.utils.getaddresses(fields)
            if address]


def attachments(mail):
    """The digests of those that have a name and are whole."""
    parts = mail.iter_attachments() if mail.is_multipart() else []
    found = [(part, part.get_payload(decode=True)) for part in parts
             if part.get_filename() and not part.is_multipart()]
    return {hashlib.sha256(content).hexdigest() for part, content in found
            if not part.defects}


def relations(found, relation):
    return [attribute["value"] for attribute in found["Attribute"]
            if attribute["object_relation"] == relation]


def compare_mail(path, answer):
    assert "error" not in answer, (path, answer)
    content = path.read_bytes()
    [ours] = [found for found in answer["results"]["Object"]
              if found["name"] == "email"]
    theirs = email.message_from_bytes(content, policy=email.policy.default)
    assert base64.b64decode(ours["Attribute"][0]["data"]) == content
    subject = str(field(theirs, "subject") or "")
    if "\ufffd" not in subject:  # bytes whose encoding we guess
        assert " ".join(relations(ours, "subject")).split() == subject.split()
    senders = addresses(theirs, "from")
    assert relations(ours, "from")[:len(senders)] == senders
    receivers = addresses(theirs, "to", "delivered-to")
    assert sorted(relations(ours, "to")) == sorted(receivers)
    assert (" ".join(relations(ours, "message-id")).split()
            == str(theirs["message-id"] or "").split())
    files = {digest for found in answer["results"]["Object"]
             for digest in relations(found, "sha256")}
    assert attachments(theirs) <= files


# They begin with no field of a header.
NO_MAILS = {"erroneous.raw", "msg_19.txt"}


@pytest.mark.parametrize("package, pattern", [
    ("*-jwz-dev", "*.eml"), ("*-enmime-dev", "*.raw"),
    ("libmime-explode-perl", "*.m[sb][gx]"), ("fuzzyocr", "*.eml"),
    ("libpython3*", "test_email/data/msg_*")])
def test_mails(patient, package, pattern):
    for path in samples(pattern, package):
        answer = ask(patient, "email_import", path.read_bytes())
        if path.name in NO_MAILS:
            assert answer["error"].startswith("The file is no e-mail")
        else:
            compare_mail(path, answer)


# ---- Documents ----

def members(path, pattern):
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name).decode() for name in archive.namelist()
                if re.fullmatch(pattern, name)]


def inside(element, text):
    return re.findall(rf"<(?:{element})(?:\s[^>]*)?(?<!/)>(.*?)</", text,
                      re.S)


def between_tags(text):
    return re.findall(">([^<]*)<", text)


def texts_of_docx(path):
    return [text for part in members(path, "word/document.xml")
            for text in inside("w:t", part)]


def texts_of_pptx(path):
    """Without those of tables, which Python's module does not read."""
    return [text for part in members(path, r"ppt/slides/slide\d+\.xml")
            for text in inside("a:t", re.sub(
                "<p:graphicFrame>.*?</p:graphicFrame>", "", part, flags=re.S))]


def texts_of_xlsx(path):
    """Those that some cell has: there may be more."""
    strings = [inside("t", string) for part in members(
        path, "xl/sharedStrings.xml")
        for string in re.findall("<si>(.*?)</si>", part, re.S)]
    used = {int(number) for part in members(
        path, r"xl/worksheets/[^/]*\.xml")
        for number in re.findall(r't="s"[^>]*><v>(\d+)<', part)}
    return [text for number in used for text in strings[number]]


def texts_of_odt(path):
    return [text for part in members(path, "content.xml")
            for text in between_tags(part[part.index("<office:text"):])]


def texts_of_ods(path):
    """Numbers and dates are shown in more than one way."""
    return [text for part in members(path, "content.xml")
            for cell in re.findall(
                '<table:table-cell[^>]*value-type="string"[^>]*(?<!/)>'
                "(.*?)</table:table-cell>", part, re.S)
            for text in between_tags(cell)]


@pytest.mark.parametrize("texts", [texts_of_docx, texts_of_pptx, texts_of_xlsx,
                                   texts_of_odt, texts_of_ods])
def test_documents(patient, texts):
    kind = texts.__name__.removeprefix("texts_of_")
    for path in samples(f"*.{kind}"):
        answer = ask(patient, f"{kind}_enrich", path.read_bytes())
        assert "error" not in answer, (path, answer)
        ours = squeezed(answer["results"][0]["values"])
        for text in texts(path):
            assert squeezed(html.unescape(text)) in ours, path


def test_pdfs(patient):
    for path in samples("*.pdf"):
        answer = ask(patient, "pdf_enrich", path.read_bytes())
        assert "error" not in answer, (path, answer)
        theirs = subprocess.run(["pdftotext", path, "-"], check=True,
                                capture_output=True, text=True).stdout
        ours = answer["results"][0]["values"]
        assert sorted(ours.split()) == sorted(theirs.split()), path


# ---- Pictures ----

@pytest.mark.parametrize("name, text", [
    ("Code39", "123456789012"), ("EAN13", "1234567890128"),
    ("EAN8", "12345670"), ("UPCA", "0123456789012"),
    ("QRcode", "123456789012"), ("bar2", "AAAAAAAAAA"),
    ("qrc4", "AAAAAAAAAA"), ("reschk", "AAAAAAAAAA"),
    ("test_annex_i_qr_as_image", "01234567")])
def test_codes(patient, name, text):
    [path] = {path.name: path for package in ("libgd-barcode-perl",
                                              "librust-qrcode-dev")
              for path in (SAMPLES / package).rglob(f"{name}.png")}.values()
    [result] = ask(patient, "qrcode", path.read_bytes())["results"]
    assert result["values"] == [text]


@pytest.mark.parametrize("name, text", [
    ("jpg", "VIAGRAsoft"), ("png", "Global Marketing Campaign"),
    ("multi", "TRADING ALERT")])
def test_text_of_spam(patient, name, text):
    mail = email.message_from_bytes((SPAM / f"ocr-{name}.eml").read_bytes())
    picture = next(part for part in mail.walk()
                   if part.get_content_maintype() == "image")
    answer = ask(patient, "ocr_enrich", picture.get_payload(decode=True))
    assert text in "\n".join(value for result in answer["results"]
                             for value in result["values"])


@pytest.mark.parametrize("module", NOTHING)
def test_pictures(patient, module):
    """Those of a library of pictures, many of which once broke a parser."""
    paths = [path for path in samples("*.*", "gdk-pixbuf-tests")
             if path.suffix in PICTURES]
    said = collections.Counter()
    for path in paths[::10 if module == "ocr_enrich" else 1]:
        answer = ask(patient, module, path.read_bytes())
        error = answer.get("error", NOTHING[module])
        assert error == NOTHING[module] or REFUSED.fullmatch(error), path
        said[error] += 1
    assert said[NOTHING[module]] > sum(said.values()) / 2
