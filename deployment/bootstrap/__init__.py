"""From a bare checkout to a running service: what the Makefile calls. Standard library only; nothing of Towpath."""
