"""Importing it ends Python."""
from py_library import handler, introspection, version
import os

os._exit(7)
