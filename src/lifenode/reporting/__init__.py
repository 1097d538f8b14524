"""The node report: usage from access logs, training metrics, and the yearly report that computes itself."""
