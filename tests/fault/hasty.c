/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test of the test: a server whose cursors move when a delivery is sent, and not when it has
 * been answered. Kills between the two must find it.
 */
#include "outbox_internal.h"

enum sgn_status __real_outbox_http_send(struct outbox_http *http, struct outbox_post *post_take,
                                        void *ctx, struct outbox_request **out,
                                        struct sgn_error *err);
enum sgn_status __wrap_outbox_http_send(struct outbox_http *http, struct outbox_post *post_take,
                                        void *ctx, struct outbox_request **out,
                                        struct sgn_error *err);

enum sgn_status
__wrap_outbox_http_send(struct outbox_http *http, struct outbox_post *post_take, void *ctx,
                        struct outbox_request **out, struct sgn_error *err)
{
    struct outbox_endpoint *endpoint = ctx;

    if (endpoint->first != NULL) {
        outbox_mark_seen(endpoint, endpoint->first->seq);
        outbox_mark_turn(endpoint);
    }
    return __real_outbox_http_send(http, post_take, ctx, out, err);
}
