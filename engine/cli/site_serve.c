/* SPDX-License-Identifier: Apache-2.0 */
/* Where a site listens, and whether it may. */
#include "site.h"

#include "log.h"
#include <stdio.h>
#include <string.h>

const char *
site_listen(const struct settings *settings)
{
    bool off = settings->listen[0] == '\0' || strcmp(settings->listen, "off") == 0;

    return off ? NULL : settings->listen;
}

bool
site_is_loopback(const char *listen)
{
    return strncmp(listen, "127.", 4) == 0 || strncmp(listen, "localhost:", 10) == 0 ||
           strncmp(listen, "[::1]:", 6) == 0;
}

enum sgn_status
site_listen_allowed(const struct settings *settings, struct sgn_error *err)
{
    const char *listen = site_listen(settings);

    if (listen == NULL || site_is_loopback(listen))
        return SGN_OK;
    if (!settings->insecure)
        return sgn_fail(
            err, SGN_INVALID,
            "listen = %s: others can reach this address and nothing is encrypted; listen "
            "on 127.0.0.1, or set insecure = yes in [net] if the network is yours alone",
            listen);
    sgn_log(SGN_LOG_WARN, "insecure", "listen", listen, "why",
            "tokens and cases travel unencrypted", NULL);
    return SGN_OK;
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
