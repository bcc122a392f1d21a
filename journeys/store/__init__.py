"""A versioned folder: built beside, swapped, and asked."""
