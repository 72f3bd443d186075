"""`python -m handlers.pretend --port 8081 --data var/pretend.sqlite`: the arguments and nothing else."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from handlers.pretend.server import serve


def main(arguments: list[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="handlers.pretend", description="A pretend case-management system.")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--data", type=Path, default=Path("var/pretend-case-management.sqlite"))
    parser.add_argument("--end-with-parent", action="store_true", help="stop when the program that started this stops")
    options = parser.parse_args(arguments)
    serve(options.port, options.data, os.getppid() if options.end_with_parent else None)


if __name__ == "__main__":
    main()
