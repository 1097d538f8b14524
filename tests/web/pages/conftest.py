"""A node in this process, as for the native API."""

from tests.web.api.conftest import node

__all__ = ["node"]
