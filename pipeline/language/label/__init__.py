"""Whether a post is about police-led mass collection, and of which campaign."""
