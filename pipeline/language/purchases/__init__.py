"""Purchases: buyer, supplier, product and amount."""
