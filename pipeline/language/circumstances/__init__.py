"""How samples are taken: method, venue, consent, medical staff, linked programmes."""
