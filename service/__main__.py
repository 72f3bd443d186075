"""`python -m service`: the `towpath` command where it is not installed on the path. The commands are in `cli/`."""

from service.app import main

main()
