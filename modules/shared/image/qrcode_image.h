/*
 * qrcode_image.h: what the QR codes and bar codes in a picture say. Needs zbar.
 */
#ifndef MODULES_QRCODE_IMAGE_H
#define MODULES_QRCODE_IMAGE_H

#include "image.h"

/* A picture with more of them is no usual one. */
#define QRCODE_MAX 100

/*
 * The texts of the codes, each once, in the order they are found in, as a JSON
 * array that lives as long as the query; empty without a code. NULL after
 * misp_fail.
 */
json_t *qrcode_texts(struct misp_query *query, PIX *picture);

#endif
