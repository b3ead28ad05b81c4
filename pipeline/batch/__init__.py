"""Many documents: what is new, the worker, the engine, the store."""
