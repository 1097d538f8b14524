"""What it costs to start: the import, the help, a cold query, and opening a pack, each in fresh processes.

Each line is the median over fresh processes that take turns; times of ``import lifenode`` are beyond a bare Python.
Processor time is user and system time as the kernel counted it for the process. Before anything is timed the index of
the human pack is built if it is missing, and every command has run once, so files are in the file cache.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from measuring import Report, process_times

import lifenode
from lifenode.packs.pack import open_pack

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "examples" / "inflammatory_response.txt"
COMMAND = Path(sys.executable).with_name("lifenode")

HEAVY = ("numpy", "polars", "pandas", "pyarrow", "numba", "scipy", "rich", "click", "matplotlib", "plotly", "anndata")
# Loaded when a query needs them, and allowed then.
ALLOWED = {"import lifenode": (), "lifenode --help": ("click",), "lifenode enrich": ("click", "numpy")}

OPENED = """
import numpy, time
start = time.perf_counter()
from lifenode.packs.pack import open_pack
pack = open_pack("hsapiens")
first = time.perf_counter()
pack.genes(), pack.annotations()
from lifenode.genes.identifiers import identifiers
identifiers(pack)
print(first - start, time.perf_counter() - start)
"""
LOADED = """
import sys, atexit
heavy = {heavy!r}
atexit.register(lambda: open({out!r}, "w").write(" ".join(name for name in heavy if name in sys.modules)))
{code}
"""
MAIN = "from lifenode.cli.main import main; sys.argv[0] = 'lifenode'; sys.argv[1:] = {arguments!r}; sys.exit(main())"


def heavy_modules(code: str) -> list[str]:
    """Return the heavy modules a fresh process has loaded when it ends."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "modules"
        script = LOADED.format(heavy=HEAVY, out=str(out), code=code)
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
        return out.read_text().split()


def opening(report: Report, runs: int) -> None:
    """Print how long a fresh process takes to open the pack, beyond loading numpy."""
    rows = []
    for _ in range(runs + 1):
        done = subprocess.run([sys.executable, "-c", OPENED], check=True, capture_output=True, text=True)
        rows.append([float(text) for text in done.stdout.split()])
    seconds = np.array(rows[1:]).T
    report.at_most("opening the pack, with the modules for it, wall", seconds[0], 0.050)
    report.at_most("the same, with genes, annotations and identifiers mapped", seconds[1], None)


def main() -> int:
    """Run the benchmark; exit 1 if a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    pack = open_pack("hsapiens")
    lifenode.enrich(["IL6", "TNF", "CXCL8"])
    print(f"# {pack.name}, medians of {arguments.runs} fresh processes, Python {sys.version.split()[0]}")
    python = [sys.executable, "-c"]
    commands = {
        "bare": [*python, "pass"],
        "import": [*python, "import lifenode"],
        "help": [str(COMMAND), "--help"],
        "query": [str(COMMAND), "enrich", str(LIST)],
        "library query": [*python, f"import lifenode; len(lifenode.enrich({str(LIST)!r}))"],
    }
    times = process_times(commands, arguments.runs)
    report = Report()
    report.at_most("bare python, CPU", times["bare"].cpu, None)
    imported = times["import"] - times["bare"]
    report.at_most("import lifenode beyond bare python, CPU", imported.cpu, 0.060)
    report.at_most("import lifenode beyond bare python, wall", imported.wall, None)
    report.at_most("lifenode --help, wall", times["help"].wall, 0.3)
    report.at_most("lifenode --help, CPU", times["help"].cpu, None)
    report.at_most("lifenode enrich inflammatory_response.txt, cold, wall", times["query"].wall, 1.0)
    report.at_most("lifenode enrich inflammatory_response.txt, cold, CPU", times["query"].cpu, None)
    report.at_most("the same list through the library, cold, wall", times["library query"].wall, None)
    opening(report, arguments.runs)
    loaded = {
        "import lifenode": heavy_modules("import lifenode"),
        "lifenode --help": heavy_modules(MAIN.format(arguments=["--help"])),
        "lifenode enrich": heavy_modules(MAIN.format(arguments=["enrich", str(LIST)])),
    }
    for name, found in loaded.items():
        extra = [module for module in found if module not in ALLOWED[name]]
        print(f"  heavy modules after {name}: {', '.join(found) or 'none'}{' BROKEN' if extra else ''}")
        report.broken += [f"{name} loads {module}" for module in extra]
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
