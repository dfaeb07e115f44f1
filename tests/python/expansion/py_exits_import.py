"""Importing it calls sys.exit()."""
from py_library import handler, introspection, version
import sys

sys.exit(1)
