"""Genome editing: what a target becomes when it is cut, edited or extended."""
