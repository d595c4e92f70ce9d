/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate as people read and print it: HTML that fetches and runs nothing. The proof is put
 * at its end by core/certificate.h. Any thread.
 */
#ifndef RPC_CERTIFICATE_PAGE_H
#define RPC_CERTIFICATE_PAGE_H

#include "buf.h"
#include <jansson.h>

/* Everything is borrowed. Shared things alone: whoever has the page may read all of it. */
struct rpc_certificate_scene {
    const char *language; /* "en" or "zh" */
    const char *case_key;
    const json_t *said; /* as the certificate has it */
    const json_t *contents;
    const json_t *fields, *files; /* as they were when it was decided */
    const json_t *entries;        /* as a client's person sees them, oldest first */
    const char *hash;             /* of the last entry */
    const char *key;              /* the site's public key, hex */
    const json_t *issued;         /* when, RFC 3339 */
    int n;                        /* entries in all */
};
enum sgn_status rpc_certificate_page(struct sgn_buf *out,
                                     const struct rpc_certificate_scene *scene);

#endif
