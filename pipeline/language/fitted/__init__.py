"""Fitted models of stretches of text, and how they are weighed against rules; nothing here knows what they read."""
