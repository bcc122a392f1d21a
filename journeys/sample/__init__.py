"""A synthetic delivery of invented services."""
