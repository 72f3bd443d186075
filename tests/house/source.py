"""The project's own Python files, read once. What must be true of them is in the tests beside this module."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """One Python file: its path as text from the root, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    def __str__(self) -> str:
        return self.path

    def all(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """Every node of these kinds, in no particular order."""
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method."""
        for node in self.all(ast.FunctionDef, ast.AsyncFunctionDef):
            assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            yield node

    def at(self, node: ast.AST) -> str:
        """Where a node stands, for a message."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@functools.cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every module in these folders. Raises AssertionError when one has none: no test may pass on nothing."""
    found = []
    for folder in folders:
        paths = sorted(path for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts)
        assert paths, f"{folder} holds no Python"
        found += [_read(path) for path in paths]
    return tuple(found)


@functools.cache
def tracked_files() -> tuple[str, ...]:
    """Every file that git knows or would take, as text from the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(name for name in listed.split("\0") if name and (ROOT / name).is_file())


@functools.cache
def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(str(path.relative_to(ROOT)), text, ast.parse(text, str(path)))
