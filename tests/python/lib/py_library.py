NAME = "from the library"
