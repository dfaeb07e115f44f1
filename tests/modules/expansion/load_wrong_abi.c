/* load_wrong_abi: no module for this server: built for an ABI of the future. */
#include "misp-module.h"

extern MISP_API const struct misp_module misp_module;
const struct misp_module misp_module = {.abi = MISP_MODULE_ABI + 1,
					.size = sizeof(struct misp_module),
					.name = "load_wrong_abi"};
