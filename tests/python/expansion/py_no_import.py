"""It needs what is not there."""
from py_library import handler, introspection, version
import nothing_of_that_name
