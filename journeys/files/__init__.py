"""Answers to take away."""
