/* SPDX-License-Identifier: Apache-2.0 */
/* What "signoff serve" goes by, and what is wrong with it. */
#include "site.h"

#include "address.h"
#include "cli.h"
#include "hash.h"
#include "listen.h"
#include "mail.h"
#include "tls.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the options ---- */

struct asking {
    struct settings *settings;
    json_t *mistakes;
    struct sgn_error *err;
};

static enum sgn_status
ask(const struct asking *asking, const char *section, const char *name, const char *text)
{
    struct setting_origin origin = { SETTING_OPTION, 0 };
    struct sgn_error wrong = { 0 };
    enum sgn_status st = SGN_OK;
    char place[SETTING_PLACE];

    if (text != NULL &&
        settings_set(asking->settings, section, name, text, origin, &wrong) != SGN_OK) {
        snprintf(place, sizeof place, "--%s", strcmp(name, "url") == 0 ? "store" : name);
        st = settings_mistake(asking->mistakes, place, wrong.message, asking->err);
    }
    sgn_error_clear(&wrong);
    return st;
}

enum sgn_status
site_serve_settings(const struct cli_serve *asked, struct settings *settings, json_t *mistakes,
                    struct sgn_error *err)
{
    struct asking asking = { settings, mistakes, err };
    /* Who says where to listen has said all: a second port would come as a surprise. */
    const char *http = asked->http != NULL ? asked->http : asked->listen != NULL ? "off" : NULL;
    char *ini = site_path(asked->site, SITE_SETTINGS);
    enum sgn_status st =
        ini != NULL ? settings_gather(settings, ini, mistakes, err) : sgn_nomem(err);

    if (st == SGN_OK)
        st = ask(&asking, "net", "listen", asked->listen);
    if (st == SGN_OK)
        st = ask(&asking, "net", "http", http);
    if (st == SGN_OK)
        st = ask(&asking, "store", "data", asked->data);
    if (st == SGN_OK)
        st = ask(&asking, "store", "url", asked->store);
    free(ini);
    return st;
}

/* ---- what can be told without a start ---- */

struct looking {
    const char *dir;
    const struct settings *settings;
};

static enum sgn_status
look_address(const struct looking *at, const char *name, const char *address, struct sgn_error *err)
{
    struct sockaddr_storage found;
    enum sgn_status st = address != NULL ? net_address(address, &found, err) : SGN_OK;

    return st != SGN_OK ? st : site_address_allowed(at->settings, name, err);
}

static enum sgn_status
look_listen(const struct looking *at, struct sgn_error *err)
{
    return look_address(at, "listen", site_listen(at->settings), err);
}

static enum sgn_status
look_http(const struct looking *at, struct sgn_error *err)
{
    return look_address(at, "http", site_http(at->settings), err);
}

static char *
path_of(const struct looking *at, const char *name)
{
    return name[0] != '\0' ? site_path(at->dir, name) : NULL;
}

static enum sgn_status
look_tls(const struct looking *at, struct sgn_error *err)
{
    const struct settings *s = at->settings;
    char *certificate = path_of(at, s->tls_certificate), *key = path_of(at, s->tls_key);
    char *client_ca = path_of(at, s->tls_client_ca);
    struct net_tls_files files = { certificate, key, client_ca };
    struct net_tls *tls = NULL;
    enum sgn_status st = site_tls_whole(s, err);

    if (st == SGN_OK && certificate != NULL && key != NULL)
        st = net_tls_new(&files, &tls, err);
    net_tls_free(tls);
    free(certificate);
    free(key);
    free(client_ca);
    return st;
}

/* A folder that is there, or that could be made: it lies in one that may be written. */
static enum sgn_status
look_folder(char *path, struct sgn_error *err)
{
    struct stat found;
    char *slash = strrchr(path, '/');

    if (stat(path, &found) == 0) {
        if (!S_ISDIR(found.st_mode))
            return sgn_fail(err, SGN_INVALID, "%s is no folder", path);
    } else if (slash == NULL || slash == path) {
        return SGN_OK;
    } else {
        *slash = '\0';
    }
    return access(path, W_OK | X_OK) == 0
               ? SGN_OK
               : sgn_fail(err, SGN_INVALID, "%s: %s", path, strerror(errno));
}

static enum sgn_status
look_data(const struct looking *at, struct sgn_error *err)
{
    const struct settings *s = at->settings;
    int n;
    /* An option is from where the command stands. */
    bool here =
        s->origins[settings_find("store", "data") - settings_table(&n)].source == SETTING_OPTION;
    char *files = site_files(at->dir, s, here ? s->data : NULL);
    enum sgn_status st = SGN_OK;

    if (files == NULL)
        return sgn_nomem(err);
    *strrchr(files, '/') = '\0';
    st = look_folder(files, err);
    free(files);
    return st;
}

static enum sgn_status
look_store(const struct looking *at, struct sgn_error *err)
{
    char *url = NULL;
    enum sgn_status st = site_store_url(at->dir, at->settings, NULL, NULL, &url, err);

    free(url);
    return st;
}

static enum sgn_status
look_log(const struct looking *at, const char *name, struct sgn_error *err)
{
    char *path = path_of(at, name), *slash = path != NULL ? strrchr(path, '/') : NULL;
    struct stat found;
    enum sgn_status st = SGN_OK;

    if (path != NULL && stat(path, &found) == 0) {
        if (S_ISDIR(found.st_mode))
            st = sgn_fail(err, SGN_INVALID, "%s is a folder", path);
        else if (access(path, W_OK) != 0)
            st = sgn_fail(err, SGN_INVALID, "%s: %s", path, strerror(errno));
    } else if (slash != NULL && slash != path) {
        *slash = '\0';
        if (access(path, W_OK | X_OK) != 0)
            st = sgn_fail(err, SGN_INVALID, "%s: %s", path, strerror(errno));
    }
    free(path);
    return st;
}

static enum sgn_status
look_access(const struct looking *at, struct sgn_error *err)
{
    return look_log(at, at->settings->log_access, err);
}

static enum sgn_status
look_admin(const struct looking *at, struct sgn_error *err)
{
    return look_log(at, at->settings->log_admin, err);
}

static enum sgn_status
look_allow(const struct looking *at, struct sgn_error *err)
{
    struct sgn_outward out = { 0 };

    return sgn_networks_parse(at->settings->outbox_allow, &out.allowed, err);
}

static enum sgn_status
look_ports(const struct looking *at, struct sgn_error *err)
{
    struct sgn_outward out = { 0 };

    return sgn_outward_ports(at->settings->outbox_ports, &out, err);
}

/* One of the three that a mailer is made of is looked at, the others are known to be good. */
static enum sgn_status
look_mailer(const char *server, const char *from, const char *ca, struct sgn_error *err)
{
    struct outbox_mail_options options = { .server = server, .from = from, .ca = ca };
    struct outbox_mails *mails = NULL;
    enum sgn_status st = outbox_mail_new(&options, &mails, err);

    outbox_mail_free(mails);
    return st;
}

#define GOOD_SERVER "smtp://mail.example:25"
#define GOOD_FROM   "signoff@mail.example"

static enum sgn_status
look_mail_server(const struct looking *at, struct sgn_error *err)
{
    const char *server = at->settings->mail_server;

    return server[0] == '\0' ? SGN_OK : look_mailer(server, GOOD_FROM, NULL, err);
}

static enum sgn_status
look_mail_from(const struct looking *at, struct sgn_error *err)
{
    const struct settings *s = at->settings;

    return s->mail_server[0] == '\0' ? SGN_OK : look_mailer(GOOD_SERVER, s->mail_from, NULL, err);
}

static enum sgn_status
look_mail_ca(const struct looking *at, struct sgn_error *err)
{
    const struct settings *s = at->settings;
    char *ca = s->mail_server[0] != '\0' ? path_of(at, s->mail_ca) : NULL;
    enum sgn_status st = ca != NULL ? look_mailer(GOOD_SERVER, GOOD_FROM, ca, err) : SGN_OK;

    free(ca);
    return st;
}

static enum sgn_status
look_mail_password(const struct looking *at, struct sgn_error *err)
{
    const struct settings *s = at->settings;
    char *path = s->mail_server[0] != '\0' ? path_of(at, s->mail_password_file) : NULL;
    char *password = NULL;
    enum sgn_status st = path != NULL ? site_token(path, &password, err) : SGN_OK;

    free(password);
    free(path);
    return st;
}

static enum sgn_status
look_key(const struct looking *at, struct sgn_error *err)
{
    unsigned char secret[SGN_SIGN_SECRET], pub[SGN_SIGN_PUBLIC];

    return site_key(at->dir, secret, pub, err);
}

static enum sgn_status
look_init(const struct looking *at, struct sgn_error *err)
{
    json_t *rows = NULL;
    enum sgn_status st = site_init_rows(at->dir, &rows, err);

    json_decref(rows);
    return st;
}

/* What is looked at, and the setting whose place is told; a file of the site is its own. */
static const struct look {
    const char *section, *name;
    enum sgn_status (*look)(const struct looking *at, struct sgn_error *err);
} looks[] = {
    { "net", "listen", look_listen },
    { "net", "http", look_http },
    { "net", "tls_certificate", look_tls },
    { "store", "data", look_data },
    { "store", "url", look_store },
    { "log", "access", look_access },
    { "log", "admin", look_admin },
    { "outbox", "allow", look_allow },
    { "outbox", "ports", look_ports },
    { "mail", "server", look_mail_server },
    { "mail", "from", look_mail_from },
    { "mail", "ca", look_mail_ca },
    { "mail", "password_file", look_mail_password },
    { NULL, SITE_KEY, look_key },
    { NULL, SITE_INIT, look_init },
};

/* Which of the three of TLS is told: the first that is said. */
static const struct setting *
setting_of(const struct settings *settings, const struct look *look)
{
    const char *name = look->name;

    if (look->look == look_tls && settings->tls_certificate[0] == '\0')
        name = settings->tls_key[0] != '\0' ? "tls_key" : "tls_client_ca";
    return settings_find(look->section, name);
}

enum sgn_status
site_config_check(const char *dir, const struct settings *settings, json_t *mistakes,
                  struct sgn_error *err)
{
    struct looking at = { dir, settings };
    char *ini = site_path(dir, SITE_SETTINGS);
    enum sgn_status st = ini != NULL ? SGN_OK : sgn_nomem(err);

    for (size_t i = 0; i < sizeof looks / sizeof looks[0] && st == SGN_OK; i++) {
        struct sgn_error wrong = { 0 };
        char place[SETTING_PLACE];

        if (looks[i].look(&at, &wrong) != SGN_OK) {
            if (looks[i].section != NULL)
                settings_place(settings, setting_of(settings, &looks[i]), ini, place);
            else
                snprintf(place, sizeof place, "%s/%s", dir, looks[i].name);
            st = settings_mistake(mistakes, place, wrong.message, err);
        }
        sgn_error_clear(&wrong);
    }
    free(ini);
    return st;
}
