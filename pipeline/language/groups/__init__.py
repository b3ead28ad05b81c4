"""From whom samples are taken."""
