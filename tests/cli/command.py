"""The command as a process of its own, with a terminal to write to or without."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "inflammatory_response.txt"
_BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def shell(line: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `lifenode` is the command under test; the exit code is the first that is not 0."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
        cwd=folder, env=_with_path() | environment, timeout=120, check=False,
    )  # fmt: skip


def seen(line: str, folder: Path = ROOT, columns: int = 140) -> list[str]:
    """Return the lines that a person sees whose standard output is a terminal, standard error first."""
    own, theirs = pty.openpty()
    with subprocess.Popen(
        ["bash", "-c", line], stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, cwd=folder,
        env=_with_path() | {"COLUMNS": str(columns)},
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b"".join(iter(lambda: _read_some(own), b""))
        assert process.stderr is not None
        told = process.stderr.read()
    os.close(own)
    return [line for line in (told + shown).decode().splitlines() if line.strip()]


def _with_path() -> dict[str, str]:
    variables = {name: value for name, value in os.environ.items() if name.startswith("LIFENODE_")}
    return _BUFFERED | variables | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def _read_some(handle: int) -> bytes:
    try:
        return os.read(handle, 65_536)
    except OSError:  # how Linux says that nobody writes any more
        return b""
