"""Where the files that are not Python lie: beside the code in a checkout, inside a wheel. They are not read here.

A wheel carries the same folders under `service/_data/` (see [tool.hatch] in pyproject.toml).
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CARRIED = _PACKAGE / "_data"


def processes_directory() -> Path:
    """The default rule book."""
    return _folder("processes", "processes")


def migrations_directory() -> Path:
    """The database migrations, for Alembic."""
    return _folder("migrations", "deployment/migrations")


def demo_directory() -> Path:
    """The demo authority."""
    return _folder("demo", "deployment/demo")


def static_directory() -> Path:
    """The built assets of the pages; the same place in a checkout and in a wheel. Missing until they are built."""
    return _PACKAGE / "web" / "static"


def _folder(carried: str, in_checkout: str) -> Path:
    return _CARRIED / carried if _CARRIED.is_dir() else _PACKAGE.parent / in_checkout
