/* SPDX-License-Identifier: Apache-2.0 */
/* Where a site listens, and whether it may. */
#include "site.h"

#include "address.h"
#include "log.h"
#include "service.h"
#include <stdio.h>
#include <string.h>

static const char *
address_of(const char *text)
{
    return text[0] == '\0' || strcmp(text, "off") == 0 ? NULL : text;
}

const char *
site_listen(const struct settings *settings)
{
    return address_of(settings->listen);
}

const char *
site_http(const struct settings *settings)
{
    return address_of(settings->http);
}

bool
site_is_loopback(const char *listen)
{
    return strncmp(listen, "127.", 4) == 0 || strncmp(listen, "localhost:", 10) == 0 ||
           strncmp(listen, "[::1]:", 6) == 0;
}

bool
site_is_encrypted(const struct settings *settings)
{
    return settings->tls_certificate[0] != '\0';
}

enum sgn_status
site_address_allowed(const struct settings *settings, const char *name, struct sgn_error *err)
{
    const char *address = strcmp(name, "http") == 0 ? site_http(settings) : site_listen(settings);

    if (address == NULL || site_is_loopback(address) || site_is_encrypted(settings) ||
        settings->insecure)
        return SGN_OK;
    return sgn_fail(
        err, SGN_INVALID,
        "%s = %s: others can reach this address and nothing is encrypted; set "
        "tls_certificate and tls_key in [net], listen on 127.0.0.1, or set insecure = yes if "
        "the network is yours alone",
        name, address);
}

enum sgn_status
site_tls_whole(const struct settings *settings, struct sgn_error *err)
{
    if (site_is_encrypted(settings) != (settings->tls_key[0] != '\0'))
        return sgn_fail(err, SGN_INVALID,
                        "tls_certificate and tls_key of [net] are given together or not at all");
    if (!site_is_encrypted(settings) && settings->tls_client_ca[0] != '\0')
        return sgn_fail(err, SGN_INVALID,
                        "tls_client_ca of [net] needs tls_certificate and tls_key");
    return SGN_OK;
}

/* A socket that was handed over listens where it listens: whoever handed it over has decided. */
static enum sgn_status
heed(struct settings *settings, int fd, const char *name, struct sgn_error *err)
{
    struct setting_origin origin = { SETTING_ENVIRONMENT, 0 };
    char address[SGN_SERVICE_ADDRESS];

    return fd == 0 || !sgn_service_address(fd, address)
               ? SGN_OK
               : settings_set(settings, "net", name, address, origin, err);
}

enum sgn_status
site_sockets(struct settings *settings, struct sgn_service_sockets *out, struct sgn_error *err)
{
    enum sgn_status st = sgn_service_sockets(out, err);

    if (st == SGN_OK)
        st = heed(settings, out->lines, "listen", err);
    return st != SGN_OK ? st : heed(settings, out->http, "http", err);
}

/* Is this address open to others with nothing encrypted? Then the log says so. */
static void
warn_of(const struct settings *settings, const char *name, const char *address)
{
    if (address != NULL && !site_is_loopback(address) && !site_is_encrypted(settings))
        sgn_log(SGN_LOG_WARN, "insecure", name, address, "why",
                "tokens and cases travel unencrypted", NULL);
}

enum sgn_status
site_listen_allowed(const struct settings *settings, struct sgn_error *err)
{
    enum sgn_status st = site_tls_whole(settings, err);

    if (st == SGN_OK)
        st = site_address_allowed(settings, "listen", err);
    if (st == SGN_OK)
        st = site_address_allowed(settings, "http", err);
    if (st == SGN_OK) {
        warn_of(settings, "listen", site_listen(settings));
        warn_of(settings, "http", site_http(settings));
    }
    return st;
}

void
site_where(const struct settings *settings, int port, char *out, size_t n)
{
    const char *listen = site_listen(settings);
    const char *colon = listen != NULL ? strrchr(listen, ':') : NULL;

    if (colon == NULL)
        snprintf(out, n, "%s", SITE_SOCKET);
    else
        snprintf(out, n, "%.*s:%d", (int)(colon - listen), listen, port);
}

void
site_where_http(const struct settings *settings, int port, char *out, size_t n)
{
    const char *http = site_http(settings);
    const char *colon = http != NULL ? strrchr(http, ':') : NULL;

    out[0] = '\0';
    if (colon != NULL)
        snprintf(out, n, "%s://%.*s:%d", site_is_encrypted(settings) ? "https" : "http",
                 (int)(colon - http), http, port);
}

enum sgn_status
site_outward(const struct settings *settings, struct sgn_outward *out, struct sgn_error *err)
{
    enum sgn_status st = sgn_networks_parse(settings->outbox_allow, &out->allowed, err);

    if (st != SGN_OK) {
        sgn_error_prefix(err, "allow of [outbox]: ");
        return st;
    }
    out->insecure = settings->outbox_insecure;
    st = sgn_outward_ports(settings->outbox_ports, out, err);
    if (st != SGN_OK)
        sgn_error_prefix(err, "ports of [outbox]: ");
    return st;
}
