"""Corpora → models: features, training, calibration, cross-validation."""
