"""Folders, zips, workbooks and text files, opened and read as text."""
