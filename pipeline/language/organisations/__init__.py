"""Bodies and their roles: police, hospitals, schools, companies."""
