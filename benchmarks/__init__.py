"""Measurements of speed and faithfulness, as ratios and shares: run by hand or by `make`, never as timed tests."""
