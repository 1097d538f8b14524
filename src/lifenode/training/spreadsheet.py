"""The plain core of XLSX: one sheet of texts, written and read.

Cells are texts, so that nothing is a formula and no program turns a name into a date; a file of others is read with
its shared texts, numbers and true or false.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from lxml import etree

from lifenode.errors import InputTooLarge, UnreadableInput
from lifenode.training.ingest.reading import xml_of

SIGNATURE = b"PK\x03\x04"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_CELL = 32_767
_LARGEST = 256 * 1024 * 1024
_MOST_COLUMNS = 16_384
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def write_sheet(rows: Iterable[Sequence[str]], name: str) -> bytes:
    """Return a workbook with one sheet of texts; cells longer than a spreadsheet holds are cut."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in _PARTS.items():
            archive.writestr(_dated(part), _HEAD + text)
        archive.writestr(
            _dated("xl/workbook.xml"),
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="{escape(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        sheet = io.StringIO()
        sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>')
        for number, row in enumerate(rows, 1):
            cells = "".join(_cell(f"{_letters(place)}{number}", text) for place, text in enumerate(row) if text)
            sheet.write(f'<row r="{number}">{cells}</row>')
        sheet.write("</sheetData></worksheet>")
        archive.writestr(_dated("xl/worksheets/sheet1.xml"), sheet.getvalue())
    return held.getvalue()


def read_sheet(content: bytes) -> list[list[str]]:
    """Return the cells of the first sheet of a workbook as texts.

    Raises
    ------
    UnreadableInput
        It is no workbook.
    InputTooLarge
        It holds more than can be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {info.filename: info for info in archive.infolist()}
            sheet = next((name for name in sorted(names, key=_in_order) if name.startswith("xl/worksheets/sheet")), "")
            if not sheet:
                raise UnreadableInput("The workbook has no sheet.", value="xlsx", next_step="Save it as XLSX or CSV.")
            shared = _part(archive, names.get("xl/sharedStrings.xml"))
            texts = [_inner(item) for item in shared.iter(f"{{{_MAIN}}}si")] if shared is not None else []
            root = _part(archive, names[sheet])
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise UnreadableInput(
            f"The workbook cannot be opened: {error}.", value="xlsx", next_step="Save it as XLSX or CSV once more."
        ) from error
    return [] if root is None else list(_rows(root, texts))


def _dated(name: str) -> zipfile.ZipInfo:
    """Return a part whose date is always the same, so that the same records are the same bytes."""
    made = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def _cell(place: str, text: str) -> str:
    plain = _FORBIDDEN.sub("", text)[:_LONGEST_CELL]
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(plain)}</t></is></c>'


def _letters(place: int) -> str:
    text = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        text = chr(65 + letter) + text
    return text


def _in_order(name: str) -> tuple[int, str]:
    return len(name), name


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo | None) -> etree._Element | None:
    if info is None:
        return None
    with archive.open(info) as held:
        content = held.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise InputTooLarge(f"{info.filename} of the workbook is larger than {_LARGEST:,} bytes.", value="xlsx")
    return xml_of(content, "The workbook")


def _rows(root: etree._Element, shared: Sequence[str]) -> Iterator[list[str]]:
    for row in root.iter(f"{{{_MAIN}}}row"):
        cells: list[str] = []
        for cell in row.iter(f"{{{_MAIN}}}c"):
            place = _column(cell.get("r") or "", len(cells))
            cells += [""] * (place - len(cells))
            cells.append(_text(cell, shared))
        yield cells


def _column(place: str, following: int) -> int:
    letters = re.match(r"[A-Z]{1,3}", place)
    if letters is None:
        return following
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - 64
    return max(following, min(number, _MOST_COLUMNS) - 1)


def _text(cell: etree._Element, shared: Sequence[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _inner(cell)
    value = cell.findtext(f"{{{_MAIN}}}v") or ""
    if kind == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    return {"1": "true", "0": "false"}.get(value, value) if kind == "b" else value


def _inner(element: etree._Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{{{_MAIN}}}t"))
