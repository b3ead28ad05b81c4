"""The place that a count is of."""
