"""From the bytes of one file to its documents: one module for each format.

A reader takes bytes, never a path or an address, and opens nothing. `kinds` tells which one reads
what; `index.parse` runs them.
"""
