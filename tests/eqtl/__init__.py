"""Tests of eQTL methods."""
