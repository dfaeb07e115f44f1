/*
 * pdf_font.c: see pdf_font.h.
 *
 * pkg-config: pangocairo fontconfig (libpango1.0-dev)
 */
#include "pdf_font.h"

#include <fontconfig/fontconfig.h>
#include <sys/stat.h>

#define FONT_FILE_MAX (128 << 20)

/* Not the configuration of the user whom the server runs as: that would have
 * a cache written in his home. */
static const char pdf_fontconfig[] =
    "<?xml version='1.0'?>"
    "<!DOCTYPE fontconfig SYSTEM 'fonts.dtd'>"
    "<fontconfig>"
    "<dir>/usr/share/fonts</dir>"
    "<dir>/usr/local/share/fonts</dir>"
    "<cachedir>/var/cache/fontconfig</cachedir>"
    "</fontconfig>";

static void pdf_free_config(void *config)
{
	FcConfigSetCurrent(NULL);
	FcConfigDestroy(config);
}

static void pdf_free_map(void *map)
{
	g_object_unref(map);
}

static FcConfig *pdf_config(void)
{
	FcConfig *config = FcConfigCreate();
	if (config &&
	    FcConfigParseAndLoadFromMemory(
		config, (const FcChar8 *)pdf_fontconfig, FcTrue) &&
	    FcConfigBuildFonts(config))
		return config;
	if (config)
		FcConfigDestroy(config);
	return NULL;
}

/* The family of the font in a file, now one of those in config; NULL when
 * that is none. A pipe or a device would keep the query waiting. */
static const char *pdf_add_file(struct misp_query *query, FcConfig *config,
				const char *path)
{
	struct stat status;
	FcChar8 *family = NULL;
	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
	    status.st_size > FONT_FILE_MAX ||
	    !FcConfigAppFontAddFile(config, (const FcChar8 *)path))
		return NULL;
	const FcFontSet *fonts = FcConfigGetFonts(config, FcSetApplication);
	if (!fonts || fonts->nfont == 0 ||
	    FcPatternGetString(fonts->fonts[0], FC_FAMILY, 0, &family) !=
		FcResultMatch)
		return NULL;
	return misp_text(query, "%s", (const char *)family);
}

bool pdf_font_open(struct misp_query *query, const char *path,
		   struct pdf_font *font)
{
	FcConfig *config = misp_defer(query, pdf_config(), pdf_free_config);
	const char *own =
	    config && path ? pdf_add_file(query, config, path) : NULL;
	const FcFontSet *fonts =
	    config ? FcConfigGetFonts(config, FcSetSystem) : NULL;
	/* Pango ends the process when it finds none. */
	if (!own && (!fonts || fonts->nfont == 0)) {
		misp_fail(query, "No font is installed where this server runs; "
				 "the package fonts-dejavu-core has some");
		return false;
	}
	/* Pango takes the library's current one. (It never lets go of one that
	 * it is given by pango_fc_font_map_set_config.) */
	if (!FcConfigSetCurrent(config))
		return false;
	font->map = misp_defer(query, pango_cairo_font_map_new(), pdf_free_map);
	if (!font->map)
		return false;
	font->family = misp_text(query, "%s%sNoto Sans,DejaVu Sans",
				 own ? own : "", own ? "," : "");
	return font->family != NULL;
}
