"""lifenode: a life-science service node in one package."""
__version__ = "0.1.0"
