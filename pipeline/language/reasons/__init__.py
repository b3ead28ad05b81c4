"""Justifications: why samples are taken, as the post says."""
