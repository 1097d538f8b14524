"""The node over HTTP: compatible APIs, the native API and the pages."""
