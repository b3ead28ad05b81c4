"""The dates that a text tells, read to ISO form."""
