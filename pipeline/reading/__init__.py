"""Archived file → `Document`: text, where each character stands on the page, and what the page says about itself."""
