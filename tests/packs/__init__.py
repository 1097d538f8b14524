"""Tests of the knowledge packs."""
