/* load_no_descriptor: a library that is no module. */
#include "misp-module.h"

extern MISP_API const int something_else;
const int something_else = 1;
