"""Attachments: small files of each format that really open, made from the name of the form or table.

pdf  one page, text in a font that every reader brings (STSong-Light)     doc  RTF, as word processors save it
xls  SpreadsheetML 2003     zip  the doc inside an archive
"""

from __future__ import annotations

import io
import zipfile
from functools import cache
from xml.sax.saxutils import escape

TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "zip": "application/zip",
}
_LINES = (
    "姓名（名称）：",
    "证件号码：",
    "联系电话：",
    "联系地址：",
    "申请事项：",
    "本人（单位）承诺以上内容属实。",
    "签名（盖章）：　　　　　年　　月　　日",
)


@cache
def make(name: str, ending: str, source: str, day: str) -> bytes:
    """The bytes of an attachment; the same words give the same bytes. `ending` is a key of TYPES."""
    lines = (name.rpartition(".")[0] or name, f"{source}　{day}", *_LINES)
    match ending:
        case "pdf":
            return _pdf(lines)
        case "doc":
            return _rtf(lines)
        case "xls":
            return _sheet(lines)
        case "zip":
            return _zip(_rtf(lines), day)
    raise ValueError(f"no attachment is made in the format {ending}")


def _pdf(lines: tuple[str, ...]) -> bytes:
    shown = "".join(
        f"1 0 0 1 72 {760 - 30 * at} Tm <{line.encode('utf-16-be').hex()}> Tj\n"
        for at, line in enumerate(lines)
    )
    stream = f"BT /F1 14 Tf\n{shown}ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    out, places = bytearray(b"%PDF-1.4\n"), list[int]()
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _rtf(lines: tuple[str, ...]) -> bytes:
    def spelt(line: str) -> str:
        return "".join(
            char if char.isascii() else f"\\u{ord(char) - (ord(char) > 32767) * 65536}?" for char in line
        )

    text = "\\par\n".join(spelt(line) for line in lines)
    return (
        "{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0 SimSun;}}\\f0\\fs28\n" + text + "\\par}\n"
    ).encode("ascii")


def _sheet(lines: tuple[str, ...]) -> bytes:
    rows = "".join(f'<Row><Cell><Data ss:Type="String">{escape(line)}</Data></Cell></Row>' for line in lines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="Sheet1"><Table>{rows}</Table></Worksheet></Workbook>\n'
    ).encode()


def _zip(content: bytes, day: str) -> bytes:
    year, month, date = (int(part) for part in day.split("-"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("form.doc", (year, month, date, 9, 0, 0)), content)
    return out.getvalue()
