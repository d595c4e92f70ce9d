/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page behind a sign-off link: what is asked, and the form that answers it. Plain HTML: no
 * script, nothing fetched from anywhere. Any thread.
 */
#ifndef RPC_LINK_PAGE_H
#define RPC_LINK_PAGE_H

#include "buf.h"
#include <jansson.h>

/* Everything is borrowed. */
struct rpc_link_scene {
    const char *language; /* "en" or "zh" */
    const char *state;    /* as links.h says, or "unknown", "empty", "refused" */
    const char *message;  /* of a refusal, in English; or NULL */
    const json_t *shown;  /* what lane_link_show answers; NULL: there is nothing to show */
    const json_t *typed;  /* what the visitor sent, to be shown again; or NULL */
};

/* The whole page. Its style's hash stands in rpc_link_policy(). */
enum sgn_status rpc_link_page(struct sgn_buf *out, const struct rpc_link_scene *scene);
/* Of the field Content-Security-Policy. */
#define RPC_LINK_POLICY_MAX 256
void rpc_link_policy(char out[RPC_LINK_POLICY_MAX]);

#endif
