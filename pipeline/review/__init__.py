"""The web page for triage and correction: people decide, the program proposes."""
