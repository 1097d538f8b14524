"""Every limit, path and default, in one place.

Each field can be overridden by an environment variable: ``LIFENODE_`` and the field's name in capitals
(``LIFENODE_CACHE_DIR``, ``LIFENODE_NULL_DRAWS``). `settings()` reads the environment at each call, so that a test or a
notebook can change it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path

from lifenode.errors import InvalidOption


def _user_dir(variable: str, fallback: str) -> Path:
    base = os.environ.get(variable)
    return (Path(base) if base else Path.home() / fallback) / "lifenode"


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force; see the comment of each field."""

    # Where memory-mapped indexes and computed thresholds are kept; safe to delete at any time.
    cache_dir: Path = field(default_factory=lambda: _user_dir("XDG_CACHE_HOME", ".cache"))
    # Where `lifenode packs build` and `packs pull` put packs; they win over the starter packs of the package.
    packs_dir: Path = field(default_factory=lambda: _user_dir("XDG_DATA_HOME", ".local/share") / "packs")
    # Organism assumed when none is named.
    organism: str = "hsapiens"
    # Most identifiers one list may hold.
    max_list_length: int = 50_000
    # Most identifiers a background may hold.
    max_background_length: int = 200_000
    # Longest identifier that is looked up, in characters.
    max_identifier_length: int = 200
    # Largest text file or standard input read as lists, in bytes.
    max_input_bytes: int = 64 * 1024 * 1024
    # Longest genomic range expanded to genes, in base pairs.
    max_range_length: int = 300_000_000
    # Where a serving node keeps links, uploaded gene sets and jobs.
    state_dir: Path = field(default_factory=lambda: _user_dir("XDG_DATA_HOME", ".local/share") / "state")
    # Largest request body, in bytes; packed bodies count unpacked.
    max_body_bytes: int = 2 * 1024 * 1024
    # Largest request body where gene sets are uploaded, in bytes; packed bodies count unpacked.
    max_upload_bytes: int = 50 * 1024 * 1024
    # Room for all request bodies that each serving process holds at a time, in bytes; more are refused with 503.
    bodies_bytes: int = 256 * 1024 * 1024
    # Seconds in which the body of a request must have come.
    body_seconds: float = 30.0
    # Seconds in which the header of a request must have come.
    header_seconds: float = 10.0
    # Largest header of a request, address included, in bytes.
    max_header_bytes: int = 64 * 1024
    # Seconds after which a client that takes nothing of its answer is dropped.
    send_seconds: float = 30.0
    # Most lists one request may hold.
    max_lists: int = 100
    # Most targets of genome editing one request may hold.
    max_targets: int = 20_000
    # Most targets of genome editing whose every outcome one answer holds; more have a line each.
    max_profiles: int = 1_000
    # Longest stretch of a reference that is searched for targets of genome editing, in bases.
    max_region_bases: int = 200_000
    # Requests that each serving process works on at a time; more have to wait.
    max_concurrent_requests: int = 64
    # Requests that may wait for that in each serving process; more are refused with 503.
    max_waiting_requests: int = 128
    # Seconds a request may wait for that before it is refused with 503.
    waiting_seconds: float = 2.0
    # Requests a second from one address; more are refused with 429. 0 = no limit.
    rate_limit_per_second: float = 0.0
    # Requests one address may send at once before `rate_limit_per_second` holds.
    rate_limit_burst: int = 50
    # Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, separated by commas.
    trusted_proxies: str = ""
    # Seconds that a stopping node gives to what it has accepted; the rest is refused with 503.
    stop_seconds: int = 25
    # Processes for large work, for each serving process.
    large_workers: int = 1
    # Requests that may wait for such a process; more are refused with 503.
    large_waiting: int = 16
    # Seconds a request may work before it is stopped, or becomes a job.
    interactive_seconds: float = 10.0
    # The same for clients of compatible APIs, which cannot wait for a job.
    client_seconds: float = 60.0
    # Seconds a job may work before it is stopped.
    job_seconds: float = 900.0
    # Largest memory of a process for large work, in bytes; it is stopped beyond.
    large_worker_bytes: int = 2 * 1024 * 1024 * 1024
    # Jobs that may wait; more are refused with 503.
    max_jobs: int = 1_000
    # Days an answered job is kept.
    job_days: float = 7.0
    # Days uploaded gene sets are kept.
    gene_sets_days: float = 30.0
    # Room for all kept links together, in bytes.
    links_bytes: int = 1024 * 1024 * 1024
    # Room for all uploaded gene sets together, in bytes.
    gene_sets_bytes: int = 1024 * 1024 * 1024
    # Most rows of a table of variants.
    max_variant_rows: int = 200_000
    # Where `lifenode eqtl` keeps its catalogue, and where a node serves it from.
    eqtl_catalogue: Path = field(default_factory=lambda: _user_dir("XDG_DATA_HOME", ".local/share") / "eqtl")
    # Original files that a node hands out under /eqtl/ftp, and where `lifenode eqtl ingest URL` keeps what it fetches.
    eqtl_files: Path = field(default_factory=lambda: _user_dir("XDG_DATA_HOME", ".local/share") / "eqtl-files")
    # Hosts with ports that original files may be fetched from though they are not public, separated by commas.
    eqtl_hosts: str = ""
    # Most bytes of original files that one ingestion fetches.
    eqtl_fetch_bytes: int = 200 * 1024 * 1024 * 1024
    # Most associations that one query of an eQTL catalogue returns.
    max_association_rows: int = 1_000_000
    # Where the uptime monitor of `lifenode resources uptime` keeps its files.
    uptime_dir: Path = field(default_factory=lambda: _user_dir("XDG_DATA_HOME", ".local/share") / "uptime")
    # The audit log of selection rounds (`lifenode resources round`).
    rounds_log: Path = field(default_factory=lambda: _user_dir("XDG_DATA_HOME", ".local/share") / "rounds.jsonl")
    # Recombination rates for regional plots: a table of chromosome, position (GRCh38) and cM/Mb; empty = none.
    eqtl_recombination_map: str = ""
    # LD for regional plots: a table of two variants and their r2, text or Parquet; empty = none.
    eqtl_ld_table: str = ""
    # Most rows of a page of an answer about eQTL over HTTP.
    max_page_rows: int = 50_000
    # Unpacked parts of an eQTL catalogue that a process keeps for the next question, in bytes; 0 = none.
    eqtl_cache_bytes: int = 128 * 1024 * 1024
    # Where a node finds the yearly reports it shows; `lifenode report --write` puts them there.
    reports_dir: Path = field(default_factory=lambda: _user_dir("XDG_DATA_HOME", ".local/share") / "reports")
    # Where publications are asked by DOI or PMID, if somebody wants that: Europe PMC or what has its interface.
    europe_pmc: str = "https://www.ebi.ac.uk/europepmc/webservices/rest"
    # Random lists behind every `gscs` threshold.
    null_draws: int = 20_000
    # Seed of those draws; part of every result's provenance.
    seed: int = 20_231_129
    # Threads of the compiled kernels; results do not depend on it. 0 = all cores.
    threads: int = 0
    # auto: numpy for the first calls of a process, compiled for long work; numpy or numba: always that one.
    kernels: str = "auto"
    # Seconds to wait for a connection, and for each block of a download.
    download_timeout: float = 30.0
    # How often an interrupted download is resumed before it fails.
    download_retries: int = 5
    # Where the training portal keeps its records: an SQLAlchemy address; empty = SQLite in `state_dir`.
    database_url: str = ""
    # E-mail address of those who run the training portal, which its OAI-PMH repository has to name.
    portal_contact: str = ""
    # Hosts with ports that may be harvested though they are not public, separated by commas (127.0.0.1:8080).
    harvest_hosts: str = ""
    # Largest page that is harvested, in bytes; packed pages count unpacked.
    harvest_bytes: int = 5 * 1024 * 1024
    # Seconds in which a harvested page must have come.
    harvest_seconds: float = 15.0
    # Seconds between two requests to the same host.
    harvest_pause_seconds: float = 1.0
    # Most pages one harvest fetches.
    harvest_pages: int = 2_000
    # Answers to g:Profiler clients that a serving process keeps for a repetition, in bytes; 0 = none.
    answer_cache_bytes: int = 64 * 1024 * 1024


_VARIABLES = tuple(f"LIFENODE_{known.name.upper()}" for known in fields(Settings))
_USER_DIRS = ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
_READ = frozenset((*_VARIABLES, *_USER_DIRS))


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings in force.

    Parameters
    ----------
    environment
        Variables to read; the process environment by default.

    Raises
    ------
    InvalidOption
        A ``LIFENODE_*`` variable that cannot be read as its field's type.
    """
    given = os.environ if environment is None else environment
    # Hardly any is set, and asking for one that is not costs more than passing over the names of all that are.
    return _settings(tuple([(name, given[name]) for name in sorted(_READ.intersection(given))]))


@lru_cache(maxsize=16)
def _settings(given: tuple[tuple[str, str], ...]) -> Settings:
    """Return the settings for the variables that are set; those of `_USER_DIRS` decide the default folders."""
    texts = dict(given)
    values = {
        known.name: _parse(variable, text, str(known.type))
        for known, variable in zip(fields(Settings), _VARIABLES, strict=True)
        if (text := texts.get(variable))
    }
    return Settings(**values)  # type: ignore[arg-type]


def _parse(variable: str, text: str, kind: str) -> object:
    try:
        if kind == "int":
            return int(text)
        if kind == "float":
            return float(text)
        return Path(text).expanduser() if kind == "Path" else text
    except ValueError as error:
        raise InvalidOption(
            f"{variable} is {text!r}, which is not a number.", value=text, next_step=f"Set {variable} to a number."
        ) from error
