"""Documents that mean harm: small files with far too much in them."""

import struct
import zlib

W = ('<w:document xmlns:w="http://schemas.openxmlformats.org/'
     'wordprocessingml/2006/main"><w:body>')
RELATIONS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/'
             '2006/relationships">%s</Relationships>')
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
GIGABYTE = 1 << 30


def deflated(head, piece, size):
    """(compressed, size) of head and then piece as often as makes up size,
    without ever having that much in memory."""
    chunk = piece * max(1, (1 << 20) // len(piece))

    def raw(data):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        # Flushed like this a part can be repeated byte by byte.
        return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)

    times = size // len(chunk)
    return (raw(head) + raw(chunk) * times + b"\3\0",
            len(head) + len(chunk) * times)


def archive(members, flags=0):
    """A ZIP archive. A member is bytes or str, or what deflated() returns; its
    checksum is not right then, which shows at its end only."""
    body, directory = [], []
    offset = 0
    for name, content in members:
        content = content.encode() if isinstance(content, str) else content
        data, size = content if isinstance(content, tuple) else (
            content, len(content))
        method = 8 if isinstance(content, tuple) else 0
        fields = struct.pack(
            "<HHHHHLLLHH", 20, flags, method, 0, 0x21,
            0 if method else zlib.crc32(data), min(len(data), 0xfffffffe),
            min(size, 0xfffffffe), len(name), 0)
        local = b"PK\3\4" + fields + name.encode()
        body += [local, data]
        directory.append(b"PK\1\2\x14\0" + fields + struct.pack(
            "<HHHLL", 0, 0, 0, 0, offset) + name.encode())
        offset += len(local) + len(data)
    entries = b"".join(directory)
    count = min(len(directory), 0xffff)
    return b"".join(body) + entries + b"PK\5\6" + struct.pack(
        "<HHHHLLH", 0, 0, count, count, len(entries), offset, 0)


def relation(identity, kind, target):
    return (f'<Relationship Id="{identity}" Type="{OFFICE}/{kind}" '
            f'Target="{target}"/>')


def office(part, *members, **options):
    """An OOXML document with this main part."""
    root = RELATIONS % relation("rId1", "officeDocument", part)
    return archive([("_rels/.rels", root), *members], **options)


def docx(body, **options):
    return office("word/document.xml", ("word/document.xml", body), **options)


def docx_of(piece, size, head=W):
    return docx(deflated(head.encode(), piece.encode(), size))


def xlsx(sheet, *members, relations=""):
    namespace = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main")
    workbook = (f'<workbook xmlns="{namespace}" xmlns:r="{OFFICE}"><sheets>'
                '<sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>')
    if not isinstance(sheet, tuple):
        sheet = f'<worksheet xmlns="{namespace}"><sheetData>{sheet}</sheetData></worksheet>'
    return office(
        "xl/workbook.xml", ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", RELATIONS % (
            relation("rId1", "worksheet", "worksheets/s.xml") + relations)),
        ("xl/worksheets/s.xml", sheet), *members)


def xlsx_strings(sheet, strings):
    return xlsx(sheet, ("xl/sharedStrings.xml", strings),
                relations=relation("rId2", "sharedStrings",
                                   "sharedStrings.xml"))


def odf(body, content, *members):
    return archive([("content.xml", (
        f'<office:document-content xmlns:office="{ODF}office:1.0" '
        f'xmlns:text="{ODF}text:1.0" xmlns:table="{ODF}table:1.0">'
        f"<office:body><office:{body}>{content}</office:{body}>"
        "</office:body></office:document-content>")), *members])


def pdf(objects, root=1):
    """A PDF of objects, without a table of them: readers then look where they
    are."""
    lines = [b"%PDF-1.4\n"]
    for number, content in objects:
        content = content.encode() if isinstance(content, str) else content
        lines.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    lines.append(b"trailer\n<< /Root %d 0 R >>\n%%%%EOF\n" % root)
    return b"".join(lines)


def stream(data, extra=""):
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (
        len(data), extra.encode(), data)


def pdf_page(contents, *more, resources=""):
    """A PDF of one page, whose stream is given as an object."""
    return pdf([(1, "<< /Type /Catalog /Pages 2 0 R >>"),
                (2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
                (3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] "
                    "/Contents 4 0 R /Resources << /Font << /F 5 0 R >> "
                    f"{resources} >> >>"),
                (4, contents),
                (5, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"),
                *more])


def pdf_pages(count):
    """A page that is there count times."""
    kids = " ".join(["3 0 R"] * count)
    return pdf([(1, "<< /Type /Catalog /Pages 2 0 R >>"),
                (2, f"<< /Type /Pages /Kids [{kids}] /Count {count} >>"),
                (3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>")])


def pdf_distinct_pages(count):
    kids = " ".join(f"{i} 0 R" for i in range(3, 3 + count))
    return pdf([(1, "<< /Type /Catalog /Pages 2 0 R >>"),
                (2, f"<< /Type /Pages /Kids [{kids}] /Count {count} >>"),
                *((i, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>")
                  for i in range(3, 3 + count))])


def pdf_forms(depth, calls):
    """Forms each of which draws the next one several times."""
    forms = []
    for i in range(depth):
        data = b"/X Do " * calls if i < depth - 1 else (
            b"BT /F 9 Tf (deep) Tj ET")
        resources = (f"/Resources << /XObject << /X {11 + i} 0 R >> "
                     "/Font << /F 5 0 R >> >>")
        forms.append((10 + i, stream(
            data, f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources}")))
    return pdf_page(stream(b"/X Do"), *forms,
                    resources="/XObject << /X 10 0 R >>")
