"""program_options.py: what the responder tells the program when it starts it."""

import argparse


def read():
    parser = argparse.ArgumentParser(description="Serves Python modules to misp-modules.fcgi.")
    parser.add_argument("--listen", type=int, required=True, help="descriptor of a listening socket")
    parser.add_argument("--list", required=True, help="file that keeps what the modules are")
    parser.add_argument("--loading", required=True, help="file that says which are still to be loaded")
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--most", type=int, default=16, help="workers when all others are busy")
    parser.add_argument("--max-body", type=int, default=256 << 20, help="bytes of a query")
    parser.add_argument("--replaces", type=int, default=0, help="process to stop once this is ready")
    parser.add_argument("--import-seconds", type=float, default=30, help="time that a module has to be imported")
    parser.add_argument("--values", action="store_true", help="values may be logged")
    parser.add_argument("places", nargs="+", help="folders or packages with modules")
    options = parser.parse_args()
    options.workers = max(options.workers, 1)
    options.most = max(options.most, options.workers)
    return options
