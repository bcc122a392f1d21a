"""Published findings that stand in words beside a figure, each with who printed it: data/reference/published_findings.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "data" / "reference" / "published_findings.toml"


@dataclass(frozen=True)
class Finding:
    """What was found, and where it was printed."""

    words: str
    source: str


@cache
def findings() -> Mapping[str, Finding]:
    """Every finding by its name."""
    return {name: Finding(**said) for name, said in tomllib.loads(FILE.read_text(encoding="utf-8")).items()}
