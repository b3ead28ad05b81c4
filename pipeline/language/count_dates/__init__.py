"""The date that a count holds for (`as_of`)."""
