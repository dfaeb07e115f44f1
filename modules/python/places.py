"""places.py: finds the files of the modules, and under which names they are
imported.

A place is a folder with the folders of the families in it; a folder with
modules/ in it, as the Python project has; or the name of a package that is such
a folder. A package is imported under its own name. Files in other folders get a
package of their own, so that a module called dns.py hides no package of that
name, and "from . import" works as it does in the Python project.
"""

import collections
import importlib
import importlib.machinery
import importlib.util
import os
import sys
import types

import answers
import helpers

FAMILIES = ("expansion", "import_mod", "export_mod", "action_mod")

# dotted: what it is imported as; folder: that of its family.
Source = collections.namedtuple("Source", "name family path dotted folder")


def _files(folder):
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [n for n in names if n.endswith(".py") and n[0] not in "._" and os.path.isfile(os.path.join(folder, n))]


def _package(place):
    """The folder and the name of a package; (None, None) when place is none."""
    if os.sep not in place:
        spec = importlib.util.find_spec(place)
        if spec and spec.submodule_search_locations:
            return list(spec.submodule_search_locations)[0], place
        return None, None
    place = place.rstrip(os.sep)
    if os.path.isfile(os.path.join(place, "__init__.py")) and os.path.isdir(os.path.join(place, "modules")):
        sys.path.append(os.path.dirname(place))
        return place, os.path.basename(place)
    return None, None


def _resolve(place, index):
    """The folder of the families, what is before them in a dotted name, and the
    folder that may have lib/ in it."""
    folder, package = _package(place)
    if folder:
        return os.path.join(folder, "modules"), package + ".modules", folder
    if os.sep not in place:
        return None, None, None
    inner = os.path.join(place, "modules")
    folder = inner if os.path.isdir(inner) else place
    return folder, "misp_python_%d" % index, place


def find(wanted):
    """Returns the sources by name, [path, reason] of those that cannot be, and
    the folders for sys.path."""
    found, refused, libraries = {}, [], []
    for index, place in enumerate(wanted):
        folder, dotted, home = _resolve(place, index)
        if not folder:
            refused.append([place, "this Python has no package of that name"])
            continue
        library = os.path.join(home, "lib")
        if os.path.isdir(library):
            libraries.append(library)
        for family in FAMILIES:
            there = os.path.join(folder, family)
            for file in _files(there):
                path, name = os.path.join(there, file), file[:-3]
                if "." in name:
                    refused.append([path, "there is a dot in the name"])
                elif name in found:
                    refused.append([path, "the name is taken by " + found[name].path])
                else:
                    found[name] = Source(name, family, path, "%s.%s.%s" % (dotted, family, name), there)
    return found, refused, libraries


def _make_package(dotted, folder):
    """A package for files that are in none: with the __init__.py of the folder
    if there is one, else with what the Python project's has."""
    if dotted in sys.modules:
        return
    package = types.ModuleType(dotted)
    package.__path__ = [folder]
    sys.modules[dotted] = package
    start = os.path.join(folder, "__init__.py")
    if os.path.isfile(start):
        spec = importlib.util.spec_from_file_location(dotted, start, submodule_search_locations=[folder])
        package = importlib.util.module_from_spec(spec)
        sys.modules[dotted] = package
        spec.loader.exec_module(package)
    else:
        vars(package).update(helpers.for_modules)


def load(source):
    """Imports a module, or returns it if it was."""
    top, family, _ = source.dotted.rsplit(".", 2)
    if top.startswith("misp_python_"):
        _make_package(top, os.path.dirname(source.folder))
        _make_package(top + "." + family, source.folder)
    return importlib.import_module(source.dotted)


def reason_of(error):
    """Why a module could not be imported."""
    if isinstance(error, SystemExit):
        return "importing it called sys.exit()"
    return answers.message_of(error)
