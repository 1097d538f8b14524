"""Who asks: a person, a program of a person, or a crawler, told from the user agent.

Rule, in this order:

1. *machine*: the name of a library or tool that people call services with (`MACHINES`), and no word of a crawler
   (`CRAWLER_WORDS`);
2. *crawler*: any pattern of the COUNTER list of robots (case ignored), which an empty user agent matches too;
3. *human*: all others.

The COUNTER list alone counts every program as a robot; a service with an API would then seem to be hardly used.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files

CLASSES = ("human", "machine", "crawler")
HUMAN, MACHINE, CRAWLER = 0, 1, 2

MACHINES = re.compile(
    r"""^(?:
      curl/ | wget/ | lwp | libwww-perl | httpie/ | java/ | jersey/ | apache-httpclient/ | okhttp/ | go-http-client/
    | python[-/ ] | python-?(?:requests|urllib|httpx) | aiohttp/ | httpx/ | gprofiler | bioservices | biopython
    | libcurl/ | r-curl/ | rcurl | r\ \( | httr2?/ | axios/ | node-fetch | node(?:\.js)?$ | undici | got\ \( | ruby
    | faraday | guzzlehttp/ | php/ | postman | insomnia/ | galaxy | nextflow | snakemake | matlab | julia | http\.jl
    | powershell | mozilla/.*windowspowershell | reactornetty/ | dart/ | swagger-codegen | openapi-generator | lifenode
    )""",
    re.IGNORECASE | re.VERBOSE,
)
CRAWLER_WORDS = re.compile(r"bot\b|bot[/_-]|spider|crawl|slurp|archiver|scrapy|\+https?://", re.IGNORECASE)

_LITERAL = re.compile(r"(?:[\w\s;,:@%~\"#&=!<>-]|\\[^\w])+")


@lru_cache(maxsize=1)
def _robots() -> tuple[tuple[str, ...], tuple[re.Pattern[str], ...]]:
    """Return the COUNTER patterns: those that are plain words, in lower case, and the others compiled."""
    text = files("lifenode.reporting").joinpath("facts/counter_robots.json").read_text(encoding="utf-8")
    patterns = [entry["pattern"] for entry in json.loads(text)]
    plain = [pattern for pattern in patterns if _LITERAL.fullmatch(pattern) and pattern.isascii()]
    others = [pattern for pattern in patterns if pattern not in set(plain)]
    words = tuple(re.sub(r"\\(.)", r"\1", pattern).lower() for pattern in plain)
    return words, tuple(re.compile(pattern, re.IGNORECASE) for pattern in others)


def is_robot(agent: str) -> bool:
    """Say whether the COUNTER list (https://github.com/atmire/COUNTER-Robots, MIT) has a pattern for a user agent."""
    words, patterns = _robots()
    lower = agent.lower()
    return any(word in lower for word in words) or any(pattern.search(agent) for pattern in patterns)


def class_of(agent: str) -> int:
    """Return the class of a user agent: `HUMAN`, `MACHINE` or `CRAWLER`.

    Parameters
    ----------
    agent
        As the log has it; ``-`` stands for none.

    Returns
    -------
    int
        Index into `CLASSES`.
    """
    agent = "" if agent == "-" else agent
    if MACHINES.match(agent) and not CRAWLER_WORDS.search(agent):
        return MACHINE
    return CRAWLER if is_robot(agent) else HUMAN
