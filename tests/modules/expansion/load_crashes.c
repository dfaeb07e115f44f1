/* load_crashes.c: ends whoever loads it. */
#include "misp-module.h"

#include <stdlib.h>

__attribute__((constructor)) static void crash(void)
{
	abort();
}

MISP_MODULE(load_crashes, .types = MISP_EXPANSION);
