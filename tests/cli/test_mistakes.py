"""The commonest mistakes: each message names the value and the next step, exits with 2 and writes nothing."""

from __future__ import annotations

import io
import json
import re
import shlex
import zipfile
from pathlib import Path

import pytest

from lifenode.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "inflammatory_response.txt"


def workbook() -> bytes:
    """Return the beginnings of an Excel workbook."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return memory.getvalue()


FILES = {
    "empty.txt": b"",
    "blanks.txt": b"\n \n\t\n",
    "nul.txt": b"TP53\nBR\x00CA1\n",
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "book.xlsx": workbook(),
    "mouse.txt": b"ENSMUSG00000059552\nENSMUSG00000017167\n",
    "nonsense.txt": b"qqqq-1\nqqqq-2\n",
    "good.txt": b"TP53\nBRCA1\nBRCA2\n",
    "small.txt": b"TP53\n",
    "scores.tsv": b"TP53\t0.3\nBRCA1\t0.7\n",
    "broken.csv": b"gene,log2FoldChange,padj\nTP53,1.0,0.01\nBRCA1,high,0.02\n",
    "bad.gmt": b"one\t\tTP53\none\t\tBRCA1\n",
    "dead.gmt.gz": b"\x1f\x8b\x08\x00broken",
}

# Each command on a line of its own, and under it exactly what is said; `...` stands for words of the system.
TRANSCRIPT = Path(__file__).with_name("mistakes.txt")


def transcript() -> list[tuple[str, str]]:
    """Return each command of the transcript with what it says."""
    blocks = TRANSCRIPT.read_text(encoding="utf-8").split("$ lifenode ")[1:]
    return [(command, said) for command, _, said in (block.rstrip("\n").partition("\n") for block in blocks)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIFENODE_DOWNLOAD_TIMEOUT", "2")
    return tmp_path


@pytest.mark.parametrize(("command", "said"), transcript(), ids=lambda text: text[:60])
def test_message(command: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(shlex.split(command)) == 2
    written = capsys.readouterr()
    assert written.out == ""
    pattern = ".*".join(re.escape(part) for part in said.split("..."))
    assert re.fullmatch(pattern, written.err.rstrip("\n")), written.err
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)


def test_usage_errors_are_json_where_json_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enrich", "good.txt", "--format=json", "--orderd"]) == 2
    shape = json.loads(capsys.readouterr().err)
    assert (shape["code"], shape["status"]) == ("invalid_option", 422)
    assert "--ordered" in shape["detail"]


def test_errors_are_json_where_json_was_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enrich", "good.txt", "-o", "human", "--format", "json"]) == 2
    shape = json.loads(capsys.readouterr().err)
    assert (shape["code"], shape["value"], shape["status"]) == ("unknown_organism", "human", 404)


def test_a_list_beyond_the_limit_names_the_limit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "long.txt").write_text("".join(f"GENE{i}\n" for i in range(900_000)))
    assert (folder / "long.txt").stat().st_size > 10_000_000 * 0.9
    assert main(["enrich", "long.txt"]) == 2
    message = capsys.readouterr().err
    assert "50" in message
    assert "LIFENODE_MAX_LIST_LENGTH" in message


def test_text_from_windows_is_read_as_it_is_meant(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "windows.txt").write_bytes(b"\xef\xbb\xbfIL6\r\nTNF\r\nNaN\r\n")
    assert main(["enrich", "windows.txt", "--sources", "REAC", "--top", "1"]) == 0
    assert "3 identifiers read · 2 mapped (symbol 2)" in capsys.readouterr().err


def test_nothing_significant_says_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "odd.txt").write_text("TTN\nOR4F5\nKRT82\n")
    assert main(["enrich", "odd.txt", "--sources", "WP"]) == 0
    assert "No term is significant at 0.05 (gscs)." in capsys.readouterr().err
