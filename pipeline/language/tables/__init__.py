"""Figures in tables and forms, by their columns, rows and captions."""
