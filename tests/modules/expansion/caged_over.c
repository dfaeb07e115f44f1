/* caged_over: hands_over in the cage. */
#define CAGED
#include "hands_over.c"
