"""xueyang: archived Chinese posts in, structured records of police-led mass DNA collection out."""

__version__ = "0.1.0"
