"""The files of a rule book: reading them from disk, bounding them, addressing them. Their meaning is not here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from service.definitions.problem import BrokenRuleBook, Problem
from service.domain.errors import ModelError

KINDS = (".bpmn", ".dmn", ".form", ".json", ".md")
"""What a rule book is made of. Anything else in the folder, such as a picture of a diagram, is no part of it."""
PROSE = ".md"
"""Read by people only: it is carried along and does not change the content address."""
MAX_FILE_BYTES = 2_000_000
MAX_TOTAL_BYTES = 40_000_000
MAX_FILES = 2_000


def read_directory(path: Path) -> Mapping[str, bytes]:
    """Every rule-book file under `path`: relative posix path -> content, sorted by path.

    Hidden files and other kinds are left out. Raises ModelError naming every file that cannot be read or is too large.
    """
    if not path.is_dir():
        raise ModelError(f"There is no rule book at {path}: it is not a folder.", file=str(path))
    root = path.resolve()
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for found in sorted(root.rglob("*")):
        name = found.relative_to(root).as_posix()
        if found.suffix not in KINDS or any(part.startswith(".") for part in PurePosixPath(name).parts):
            continue
        if not found.is_file() or not found.resolve().is_relative_to(root):
            problems.append(Problem(name, "", "It is not an ordinary file inside the rule book."))
        elif found.stat().st_size > MAX_FILE_BYTES:
            problems.append(_too_large(name))
        else:
            _read_into(files, problems, name, found)
    problems += file_problems(files)
    if problems:
        raise BrokenRuleBook(problems)
    return dict(sorted(files.items()))


def _read_into(files: dict[str, bytes], problems: list[Problem], name: str, found: Path) -> None:
    try:
        files[name] = found.read_bytes()
    except OSError as error:
        problems.append(Problem(name, "", f"It cannot be read: {error.strerror or error}."))


def file_problems(files: Mapping[str, bytes]) -> list[Problem]:
    """What is wrong with the names, sizes and number of the files, whether they come from disk or from a page."""
    problems: list[Problem] = []
    for name, content in sorted(files.items()):
        pure = PurePosixPath(name)
        if name != pure.as_posix() or pure.is_absolute() or ".." in pure.parts or "\\" in name or "\0" in name:
            problems.append(Problem(name, "", "Its path must be relative, with forward slashes, inside the rule book."))
        elif pure.suffix not in KINDS:
            problems.append(Problem(name, "", f"A rule book holds {', '.join(KINDS)} files only."))
        if len(content) > MAX_FILE_BYTES:
            problems.append(_too_large(name))
    if len(files) > MAX_FILES:
        problems.append(Problem("", "", f"A rule book has at most {MAX_FILES} files; this one has {len(files)}."))
    if sum(map(len, files.values())) > MAX_TOTAL_BYTES:
        problems.append(Problem("", "", f"A rule book has at most {MAX_TOTAL_BYTES:,} bytes in all."))
    return problems


def _too_large(name: str) -> Problem:
    return Problem(name, "", f"It is larger than {MAX_FILE_BYTES:,} bytes.")


def file_digest(content: bytes) -> str:
    """The content address of one file: SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def file_digests(files: Mapping[str, bytes]) -> Mapping[str, str]:
    """The content address of each file, prose included, sorted by path."""
    return {name: file_digest(content) for name, content in sorted(files.items())}


def digest(files: Mapping[str, bytes]) -> str:
    """The content address of the whole rule book. Prose (`.md`) is left out: rewording a README changes no rule."""
    lines = (
        f"{name}\0{address}\n" for name, address in file_digests(files).items() if PurePosixPath(name).suffix != PROSE
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def read_json(file: str, content: bytes) -> Any:
    """The content of a JSON file. Raises ModelError for bad JSON, a key written twice, NaN or extreme nesting."""
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise ModelError("It is not UTF-8 text.", file=file) from error
    except RecursionError as error:
        raise ModelError("It is nested too deeply.", file=file) from error
    except ValueError as error:
        raise ModelError(f"It is not good JSON: {error}.", file=file) from error


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object. Two keys of one name are refused: one of them would be lost without a word."""
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise ValueError(f'the key "{key}" stands twice in one object')
        result[key] = value
    return result


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
