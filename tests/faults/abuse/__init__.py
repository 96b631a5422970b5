"""Clients that mean harm (F15 to F19 of reliability.md), and two honest ones who should notice nothing."""
