"""Sections of pages, one module each."""
