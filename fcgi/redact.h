/*
 * redact.h: takes out of a text what must not be seen in it.
 */
#ifndef FCGI_REDACT_H
#define FCGI_REDACT_H

/*
 * Puts asterisks into shown, which is a copy of text, wherever text says the
 * secret: as it is, as URLs and JSON spell it, within base64, and cut at the
 * end of the text or of what it quotes. In base64 a letter on either side that
 * it shares with its neighbours stays; of a long secret its first kilobyte is
 * looked for. One text serves for all secrets, so that one that begins like
 * another hides nothing of it. A NULL secret, and one too short to be one
 * (under four bytes), changes nothing.
 */
void redact(char *shown, const char *text, const char *secret);

/* The same with the user and the password that a URL has in it. NULL, and what
 * is no URL, changes nothing. */
void redact_user(char *shown, const char *text, const char *url);

#endif
