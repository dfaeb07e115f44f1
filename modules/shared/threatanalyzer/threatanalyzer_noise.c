/*
 * threatanalyzer_noise.c: what is in every analysis, because Windows, Office
 * and the sandbox itself do it whatever is analysed.
 */
#include "threatanalyzer.h"

#include <string.h>
#include <strings.h>

static const char *const noisy_ips[] = {
    "0.0.0.0", "127.0.0.", "224.0.0.", "8.8.4.4", "8.8.8.8", "NONE", NULL};

static const char *const noisy_hosts[] = {
    "WIN7SP1-x64-UNP", "teredo.ipv6.microsoft.com", "wpad", NULL};

#define LOCAL "\\AppData\\Local\\"
#define LOCAL_LOW "\\AppData\\LocalLow\\Microsoft\\"
#define ROAMING "\\AppData\\Roaming\\"
#define FLASH ROAMING "Macromedia\\Flash Player\\macromedia.com\\support\\"

static const char *const noisy_files[] = {
    /* Windows */
    "C:\\Windows\\AppCompat\\Programs\\", "C:\\Windows\\Prefetch\\",
    LOCAL "GDIPFONTCACHEV1.DAT", LOCAL "Microsoft\\Windows\\Caches\\",
    LOCAL "Microsoft\\Windows\\Explorer\\thumbcache",
    LOCAL_LOW "CryptnetUrlCache\\", ROAMING "Microsoft\\Windows\\Recent\\",
    /* Internet Explorer */
    LOCAL "Microsoft\\Internet Explorer\\DOMStore\\",
    LOCAL "Microsoft\\Internet Explorer\\Recovery\\High\\",
    LOCAL "Microsoft\\Windows\\History\\History.",
    LOCAL "Microsoft\\Windows\\Temporary Internet Files\\Content.",
    LOCAL "Microsoft\\Windows\\WebCache\\",
    LOCAL_LOW "Internet Explorer\\Services\\search_",
    ROAMING "Microsoft\\Windows\\Cookies\\",
    /* Office; the temporary file it makes when it opens a document */
    "C:\\~",
    "C:\\ProgramData\\Microsoft\\OfficeSoftwareProtectionPlatform\\Cache\\"
    "cache.dat",
    ROAMING "Microsoft\\Office\\Recent\\",
    /* Adobe */
    ROAMING "Adobe\\Acrobat\\9.0\\SharedDataEvents-journal",
    ROAMING "Adobe\\Acrobat\\9.0\\UserCache.bin",
    ROAMING "Adobe\\Flash Player\\NativeCache\\",
    FLASH "flashplayer\\sys\\settings.sol", NULL};

#define MICROSOFT "\\Software\\Microsoft\\"
#define WINDOWS MICROSOFT "Windows\\CurrentVersion\\"
#define EXPLORER "\\CurrentVersion\\Explorer\\"

/* In upper or lower case. */
static const char *const noisy_keys[] = {
    EXPLORER "RecentDocs\\",
    EXPLORER "UserAssist\\",
    "\\Local Settings\\Software\\Microsoft\\Windows\\Shell\\Bag",
    "\\Software\\Classes\\CLSID\\",
    "\\Software\\Classes\\Local Settings\\MuiCache\\",
    MICROSOFT "Internet Explorer\\Main\\WindowsSearch",
    MICROSOFT "Office\\Common\\Smart Tag\\",
    MICROSOFT "OfficeSoftwareProtectionPlatform\\",
    MICROSOFT "Shared Tools\\Panose\\",
    MICROSOFT "Tracing\\",
    WINDOWS "Action Center\\",
    WINDOWS "Explorer\\RunMRU\\",
    WINDOWS "Installer\\UserData\\",
    WINDOWS "Internet Settings\\",
    "\\System\\CurrentControlSet\\Services\\RdyBoost\\",
    "\\Usage\\SpellingAndGrammarFiles",
    NULL};

/* Keys with a name in the middle, of these letters only. */
static const struct named_key {
	const char *before;
	const char *letters;
	const char *after;
} noisy_named_keys[] = {
    {EXPLORER "FileExts\\",
     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.", "\\OpenWith"},
    {MICROSOFT "Office\\", "0123456789.", "\\"},
};

static bool has_any(const char *text, const char *const *parts,
		    char *(*find)(const char *text, const char *part))
{
	for (; *parts; parts++)
		if (find(text, *parts))
			return true;
	return false;
}

static char *find(const char *text, const char *part)
{
	return strstr(text, part);
}

static char *find_any_case(const char *text, const char *part)
{
	return strcasestr(text, part);
}

static bool has_named_key(const char *text, const struct named_key *key)
{
	while ((text = strcasestr(text, key->before))) {
		text += strlen(key->before);
		size_t length = strspn(text, key->letters);
		if (length > 0 && strncasecmp(text + length, key->after,
					      strlen(key->after)) == 0)
			return true;
		text--; /* its last '\\' may be the next one's first */
	}
	return false;
}

const char *threatanalyzer_ip(const char *ip)
{
	return misp_ip_version(ip) && !has_any(ip, noisy_ips, find) ? ip : NULL;
}

const char *threatanalyzer_host(const char *host)
{
	if (!host || !*host || misp_ip_version(host))
		return NULL;
	return has_any(host, noisy_hosts, find) ? NULL : host;
}

const char *threatanalyzer_file(const char *path)
{
	if (!path || !*path)
		return NULL;
	return has_any(path, noisy_files, find) ? NULL : path;
}

const char *threatanalyzer_key(const char *key)
{
	if (!key || has_any(key, noisy_keys, find_any_case))
		return NULL;
	for (size_t i = 0;
	     i < sizeof(noisy_named_keys) / sizeof(*noisy_named_keys); i++)
		if (has_named_key(key, &noisy_named_keys[i]))
			return NULL;
	return key;
}
