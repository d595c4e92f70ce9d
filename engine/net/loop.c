/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every callback and every stream needs of the loop: that nobody is inside twice, the
 * timer, and the end when the last stream is gone. Starts nothing and reads nothing.
 */
#include "log.h"
#include "net_internal.h"
#include <stdlib.h>

void
net_enter(struct net *net)
{
    if (++net->depth > 1) {
        sgn_log(SGN_LOG_ERROR, "the loop was entered twice", NULL);
        abort();
    }
}

void
net_leave(struct net *net)
{
    net->depth--;
}

void
net_handle_close(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void
net_tick(struct net *net)
{
    if (!uv_is_active((uv_handle_t *)&net->timer) && !net->finished)
        (void)uv_timer_again(&net->timer);
}

void
net_check_finished(struct net *net)
{
    if (!net->stopping || net->finished || net->n_streams > 0)
        return;
    net->finished = true;
    for (size_t i = 0; i < sizeof(net->signals) / sizeof(net->signals[0]); i++)
        net_handle_close((uv_handle_t *)&net->signals[i]);
    net_handle_close((uv_handle_t *)&net->prepare);
    net_handle_close((uv_handle_t *)&net->timer);
    /* net_wake may still be called until net_free: the handle stays, but keeps nobody. */
    uv_unref((uv_handle_t *)&net->async);
}
