"""Where samples were taken: names found, resolved by the gazetteer, and kept where the collection took place."""
