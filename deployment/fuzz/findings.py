"""What was found, kept as files: the input, and what it did. One finding for each place in the code that raises it."""

from __future__ import annotations

import hashlib
import traceback
from pathlib import Path


class Findings:
    """A folder of findings of one target."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def keep(self, kind: str, content: bytes, story: str) -> None:
        """Keep an input, when it is the first of its kind or shorter than the one before."""
        name = f"{kind.split(':')[0]}-{hashlib.sha256(kind.encode()).hexdigest()[:8]}"
        file = self.folder / f"{name}.input"
        if not file.exists() or file.stat().st_size > len(content):
            file.write_bytes(content)
            (self.folder / f"{name}.txt").write_text(story, encoding="utf-8", errors="backslashreplace")

    def keep_error(self, error: Exception, content: bytes) -> None:
        """Keep what raised an error it may not raise."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else ""
        words = str(error)[:20] if isinstance(error, AssertionError) else ""
        self.keep(f"{type(error).__name__}:{place}:{words}", content, "".join(traceback.format_exception(error)[-12:]))

    def all(self) -> list[Path]:
        """The inputs found, each with its story beside it."""
        return sorted(self.folder.glob("*.input"))
