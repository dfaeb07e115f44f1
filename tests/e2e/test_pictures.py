"""Pictures, PDF files and OpenIOC files that are out to harm, and ones that
others have made: an answer comes in time, whatever they hold."""

import base64
import re
import struct
import time
import zlib

import pytest

from server import SANITIZED

# Far more than it takes, for a machine that is busy.
SECONDS = 20 * (10 if SANITIZED else 1)
# Of the package shared-mime-info; 17 pages.
SPECIFICATION = "/usr/share/doc/shared-mime-info/shared-mime-info-spec.pdf"


@pytest.fixture(scope="module")
def hurried(make_server):
    with make_server(workers=1, timeout=5) as instance:
        yield instance


@pytest.fixture(scope="module")
def patient(make_server):
    """As it is by default: a minute, and two gigabytes."""
    with make_server(workers=1, timeout=60,
                     max_memory=2 << 30) as instance:
        yield instance


def ask(server, module, file):
    began = time.monotonic()
    status, answer = server.query({
        "module": module, "event_id": "3", "attachment": "x",
        "data": base64.b64encode(file).decode()})
    assert status == 200
    return answer, time.monotonic() - began


# ---- Files ----

def chunk(name, content):
    return (struct.pack(">I", len(content)) + name + content
            + struct.pack(">I", zlib.crc32(name + content)))


def png(width, height, color, pixels):
    """Of 8 bits a sample; pixels are packed already."""
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, color,
                                         0, 0, 0))
            + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))


def packed(row, count):
    packer = zlib.compressobj(9)
    piece = row * (count // 100)
    return b"".join(packer.compress(piece) for _ in range(100)) + \
        packer.flush()


def pdf(objects):
    """A PDF file of these objects, the first of which is its catalog."""
    file, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table)
    return bytes(file)


def stream(content, more=b""):
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(content),
                                                       content)


def pages(count, content, box=b"0 0 612 792"):
    kids = b" ".join(b"%d 0 R" % (5 + page) for page in range(count))
    return pdf([
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/MediaBox[%s]/Resources<</Font<</F 4 0 R>>>>"
        b"/Count %d/Kids[%s]>>" % (box, count, kids),
        stream(content), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ] + [b"<</Type/Page/Parent 2 0 R/Contents 3 0 R>>"] * count)


def with_image(width, height):
    return pdf([
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/MediaBox[0 0 99 99]/Resources<</XObject<</I 4 0 R>>>>"
        b"/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/Contents 5 0 R>>",
        stream(zlib.compress(bytes(1000)),
               b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace"
               b"/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
               % (width, height)),
        stream(b"q 99 0 0 99 0 0 cm /I Do Q")])


def in_itself():
    """What draws itself, twice."""
    return pdf([
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/MediaBox[0 0 99 99]/Resources<</XObject<</I 4 0 R>>>>"
        b"/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/Contents 5 0 R>>",
        stream(b"/I Do /I Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
               b"/Resources<</XObject<</I 4 0 R>>>>"),
        stream(b"/I Do")])


# ---- Pictures ----

HUGE = {
    "png": png(100000, 100000, 0, b""),
    "gif": b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0"
           b"\x02\x01\0\0;",
    "bmp": b"BM" + bytes(16) + struct.pack("<ii", 100000, -100000)
           + bytes(200),
    "ppm": b"P6\n100000 100000\n255\n" + bytes(100),
    "tiff": b"II*\0\x08\0\0\0\x03\0\x00\x01\x04\0\x01\0\0\0\xa0\x86\x01\0"
            b"\x01\x01\x04\0\x01\0\0\0\xa0\x86\x01\0"
            b"\x11\x01\x04\0\x01\0\0\0\x08\0\0\0\0\0\0\0",
}


@pytest.mark.parametrize("module", ["ocr", "ocr_enrich", "qrcode"])
@pytest.mark.parametrize("name", HUGE)
def test_more_pixels_than_there_is_room_for(server, module, name):
    answer, took = ask(server, module, HUGE[name])
    assert "The image is too large (" in answer["error"]
    assert took < 1


@pytest.mark.parametrize("module, said", [
    ("ocr", "No text found in the file."),
    ("qrcode", "No QR code found in image."),
])
def test_as_many_pixels_as_may_be(patient, module, said):
    """300 kB that become 300 MB."""
    row = b"\0" + b"\xff" * 30000
    answer, took = ask(patient, module, png(10000, 10000, 2,
                                           packed(row, 10000)))
    assert answer == {"error": said, "results": []}
    assert took < 2 * SECONDS


@pytest.mark.skipif(SANITIZED, reason="there is no limit of memory")
@pytest.mark.parametrize("module", ["ocr", "ocr_enrich", "qrcode"])
def test_more_pixels_than_there_is_memory_for(server, module):
    """A picture all the same: it is not said to be none."""
    row = b"\0" + b"\xff" * 30000
    answer, took = ask(server, module, png(10000, 10000, 2,
                                           packed(row, 10000)))
    assert answer == {"error": "There is not enough memory for the image",
                      "results": []}
    assert took < SECONDS


def tiff(count):
    """Of so many pages, each of 8 × 8 white pixels."""
    file = bytearray(b"II*\0\x10\0\0\0" + b"\xff" * 8)
    for page in range(count):
        entries = [(256, 8), (257, 8), (258, 1), (259, 1), (262, 1),
                   (273, 8), (277, 1), (278, 8), (279, 8)]
        after = len(file) + 2 + 12 * len(entries) + 4
        file += struct.pack("<H", len(entries))
        file += b"".join(struct.pack("<HHII", tag, 4, 1, value)
                         for tag, value in entries)
        file += struct.pack("<I", after if page < count - 1 else 0)
    return bytes(file)


@pytest.mark.parametrize("count, said", [
    (3, "No text found in the file."),
    (200, "No text found on the first 100 of 200 pages."),
    (5000, "No text found on the first 100 of 1000 pages."),
])
def test_pages_of_tiff(patient, count, said):
    answer, took = ask(patient, "ocr", tiff(count))
    assert answer == {"error": said, "results": []}
    assert took < SECONDS


# ---- PDF files ----

TEXT = b"BT /F 24 Tf 72 700 Td (Hello example.org) Tj ET"


@pytest.mark.parametrize("box", [b"0 0 14400 14400", b"0 0 1e9 1e9",
                                 b"0 0 1000000 1", b"0 0 -5 0", b"0 0 0 0"])
def test_pages_of_any_size(patient, box):
    answer, took = ask(patient, "ocr", pages(1, TEXT, box))
    assert "results" in answer
    assert took < SECONDS


def test_very_many_pages(patient):
    answer, took = ask(patient, "ocr", pages(100000, b""))
    assert answer["error"] == ("No text found on the first 100 of 100000 "
                               "pages.")
    assert took < 2 * SECONDS


@pytest.mark.parametrize("file", [with_image(10000, 10000), in_itself(),
                                  b"%PDF-1.4\n" + bytes(range(256)) * 100],
                         ids=["image", "in itself", "rubbish"])
def test_pdf_files_out_to_harm(patient, file):
    answer, took = ask(patient, "ocr", file)
    assert answer["error"] in ("No text found in the file.",
                               "Corrupt or not an image file.")
    assert took < SECONDS


@pytest.mark.skipif(SANITIZED, reason="not one page is read in the time")
def test_what_was_read_in_the_time(hurried):
    """Of a document that is longer than the time."""
    with open(SPECIFICATION, "rb") as file:
        answer, took = ask(hurried, "ocr", file.read())
    row, = answer["results"]
    assert row["types"] == ["freetext"]
    assert "Shared MIME-info Database" in row["values"][0]
    assert "X Desktop Group" in row["values"][0]
    assert re.fullmatch(r"The first \d+ of 17 pages", row["comment"])
    assert took < 5


# ---- OpenIOC ----

ITEM = (b'<IndicatorItem><Context search="Network/DNS"/><Content>a.example'
        b"</Content></IndicatorItem>")
DEEP = "The elements of the file are nested too deeply"


@pytest.mark.parametrize("file, said", [
    (b"<ioc>" + b"<a>" * 1000000, DEEP),
    (b"<ioc>" + b'<Indicator operator="AND">' * 400000, DEEP),
    (b"<ioc>" + b"<IndicatorItem/>" * 200000 + b"</ioc>",
     "The file has too many indicators"),
    (b"<ioc>" + b" " * (16 << 20), "The file has more than 16777216 bytes"),
    (b'<!DOCTYPE a [<!ENTITY a "a">' + b"".join(
        b'<!ENTITY a%d "&a%s;&a%s;">' % (i, b"%d" % (i - 1) if i else b"",
                                         b"%d" % (i - 1) if i else b"")
        for i in range(60)) + b"]><ioc>&a59;</ioc>",
     "The file has a document type definition (DOCTYPE), which OpenIOC does "
     "without"),
], ids=["deep", "deep indicators", "items", "size", "laughs"])
def test_openioc_files_out_to_harm(patient, file, said):
    answer, took = ask(patient, "openiocimport", file)
    assert answer == {"error": said, "results": []}
    assert took < SECONDS


def test_many_indicators(patient):
    answer, took = ask(patient, "openiocimport",
                       b"<ioc>" + ITEM * 50000 + b"</ioc>")
    assert len(answer["results"]) == 50000
    assert took < SECONDS


@pytest.mark.parametrize("rubbish", [b"<", b"&", b"<!--", b"<a></b>",
                                     b"<a b=", b"<![CDATA["])
def test_rubbish_without_end(patient, rubbish):
    answer, took = ask(patient, "openiocimport",
                       b"<ioc>" + rubbish * ((2 << 20) // len(rubbish)))
    assert "results" in answer
    assert took < SECONDS
