"""A delivery in, checked rows and findings out."""
