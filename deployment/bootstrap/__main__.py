"""Find a Python that is new enough, then hand over. What the commands do is in `commands.py`, not here.

This file is the one that an old Python reads, so it keeps to words that old Pythons know.
"""

import importlib
import os
import shutil
import subprocess
import sys

NEEDED = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def hand_over(arguments: "list[str]") -> "int | str":
    """Run the command under this Python, or under a newer one that is installed beside it."""
    if sys.version_info >= NEEDED:
        commands = importlib.import_module("deployment.bootstrap.commands")
        answer: int | str = commands.main(arguments)
        return answer
    for name in NEWER:
        found = shutil.which(name)
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(found, [found, "-m", "deployment.bootstrap", *arguments])
    return "Towpath needs Python 3.11 or later, and this is Python {}.{}. {}".format(
        sys.version_info[0], sys.version_info[1], "Install a newer one and name it: make run PYTHON=python3.12"
    )


if __name__ == "__main__":
    sys.exit(hand_over(sys.argv[1:]))
