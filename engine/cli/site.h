/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A site's folder: where things lie in it, and reading and making its files.
 */
#ifndef CLI_SITE_H
#define CLI_SITE_H

#include "settings.h"
#include "status.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Files of a site. */
#define SITE_SETTINGS "signoff.ini"
#define SITE_KEY      "site.key"
#define SITE_INIT     "init.json"
#define SITE_SOCKET   "signoff.sock"
#define SITE_ADMIN    "admin.token"
#define SITE_OPERATOR "operator.token"
#define SITE_FILE_MAX (4 * 1024 * 1024)

/* "dir/name"; malloc'ed, NULL when out of memory. An absolute name stands for itself. */
char *site_path(const char *dir, const char *name);
/* The same for a reader: nothing before a name in the current folder. */
char *site_shown(const char *dir, const char *name);

bool site_has(const char *dir, const char *name);

/* A file's bytes (malloc'ed, NUL-terminated). SGN_NOT_FOUND, SGN_UNAVAILABLE, SGN_TOO_LARGE. */
enum sgn_status site_read(const char *path, size_t max, char **out, size_t *n,
                          struct sgn_error *err) SGN_MUST_CHECK;
/* Makes a file that must not be there yet, with this mode: whole and for good (file.h). */
enum sgn_status site_write(const char *path, const char *bytes, unsigned mode,
                           struct sgn_error *err) SGN_MUST_CHECK;
/* The first line of a token's file. */
enum sgn_status site_token(const char *path, char **out, struct sgn_error *err) SGN_MUST_CHECK;

/* Is this folder a site (it has signoff.ini and teams)? SGN_NOT_FOUND says what to do. */
enum sgn_status site_expect(const char *dir, struct sgn_error *err) SGN_MUST_CHECK;
/* The settings of a site. */
enum sgn_status site_settings(const char *dir, struct settings *settings,
                              struct sgn_error *err) SGN_MUST_CHECK;
/*
 * The url of its store: "sqlite:DIR/data", or the one that --store or url of [store] names. data
 * and store are the options or NULL. malloc'ed. SGN_INVALID: it names no store; nothing of it is
 * repeated that could be a password.
 */
enum sgn_status site_store_url(const char *dir, const struct settings *settings, const char *data,
                               const char *store, char **out, struct sgn_error *err) SGN_MUST_CHECK;
/* The url of a place as a person writes one: a folder (from where the command stands), or a
 * database. where names the option in the message. malloc'ed. */
enum sgn_status site_place_url(const char *place, const char *where, char **out,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* The folder of a store that lies in one, else NULL. Borrowed. */
const char *site_store_folder(const char *url);
/* Makes the data folder, when it is not there: a store in a database does not. */
enum sgn_status site_data_make(const char *dir, const struct settings *settings, const char *data,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* The folder of attached files, in the data folder whatever the store. malloc'ed. */
char *site_files(const char *dir, const struct settings *settings, const char *data);
/* An argument that is the url of a database with a password: the process's own list shows x for it
 * from now on, and *arg is a copy, which is returned for free(). NULL: there is nothing to hide. */
char *site_hide_password(char **arg);
/* Both halves of site.key (SGN_SIGN_SECRET and SGN_SIGN_PUBLIC bytes). */
enum sgn_status site_key(const char *dir, unsigned char *secret, unsigned char *pub,
                         struct sgn_error *err) SGN_MUST_CHECK;
/* The rows of init.json, or NULL when the site has none. */
enum sgn_status site_init_rows(const char *dir, json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- where to listen (site_serve.c) ---- */

/* The addresses as net takes them; NULL when TCP, or HTTP, is off. Borrowed. */
const char *site_listen(const struct settings *settings);
const char *site_http(const struct settings *settings);
/* Is HOST of "HOST:PORT" a loopback address by its text? */
bool site_is_loopback(const char *listen);
/* Is everything encrypted that leaves by TCP? */
bool site_is_encrypted(const struct settings *settings);
/* Beyond loopback nothing is encrypted without TLS: refused without insecure = yes, warned of with
 * it. A certificate without its key is refused, too. */
enum sgn_status site_listen_allowed(const struct settings *settings,
                                    struct sgn_error *err) SGN_MUST_CHECK;
/* The address with the port that was bound. */
void site_where(const struct settings *settings, int port, char *out, size_t n);
/* The two that it asks for: a certificate and its key, and one address, "listen" or "http". */
enum sgn_status site_tls_whole(const struct settings *settings,
                               struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status site_address_allowed(const struct settings *settings, const char *name,
                                     struct sgn_error *err) SGN_MUST_CHECK;
/* Takes the sockets that a service manager hands over (service.h): they say where to listen. */
struct sgn_service_sockets;
enum sgn_status site_sockets(struct settings *settings, struct sgn_service_sockets *out,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* Where deliveries may go; SGN_INVALID names the setting. */
struct sgn_outward;
enum sgn_status site_outward(const struct settings *settings, struct sgn_outward *out,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* Where HTTP is, as one would type it: "http://127.0.0.1:7481"; "" when it is off. */
void site_where_http(const struct settings *settings, int port, char *out, size_t n);

/* ---- what serve goes by (site_config.c) ---- */

struct cli_serve;
/* The settings of a site with the options of serve; every mistake in them is appended to mistakes,
 * see settings_gather(). */
enum sgn_status site_serve_settings(const struct cli_serve *asked, struct settings *settings,
                                    json_t *mistakes, struct sgn_error *err) SGN_MUST_CHECK;
/* What else a start would stumble over, as far as it can be told without one: addresses,
 * certificates, the store's url, folders, mail, the site's key. Appends likewise; changes nothing.
 */
enum sgn_status site_config_check(const char *dir, const struct settings *settings,
                                  json_t *mistakes, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- teams (site_teams.c) ---- */

/* The team's files as check_scripts_read() gives them; what keeps one of them from being read
 * fails. */
enum sgn_status site_team_files(const char *dir, json_t **out,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* One script alone, as {name: source}; what keeps it from being read is a mistake of rules.h in
 * problems, where it is not NULL, else it fails. */
enum sgn_status site_script_read(const char *path, const char *name, json_t *problems, json_t **out,
                                 struct sgn_error *err) SGN_MUST_CHECK;

#endif
