"""The managers' pages: what a page shows and how a posted form is read. What any of it does is in `operations/`."""

from service.web.desk.pages import create_desk, init_desk

__all__ = ["create_desk", "init_desk"]
