"""Registry of resources with dated facts, and checks of how findable, accessible, interoperable and reusable they are.

The functions are loaded when they are first used.
"""
