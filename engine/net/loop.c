/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every callback and every stream needs of the loop: that nobody is inside twice, the
 * timer, and the end when the last stream is gone. Starts nothing and reads nothing.
 */
#include "clock.h"
#include "log.h"
#include "net_internal.h"
#include <stdlib.h>

/* Aborts instead of going on: a callback that runs inside another finds streams half changed.
 * That is worth a core dump in a test, and never happens in production because it was one. */
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

int64_t
net_now(const struct net *net)
{
    return net->options.monotonic_ms != NULL ? net->options.monotonic_ms(net->options.ctx)
                                             : sgn_monotonic_ms();
}

/* A flood of refusals must not become a flood of log lines; the counters tell how many there
 * were. */
bool
net_says(struct net *net, enum net_said what)
{
    int64_t now = net_now(net);

    if (net->said[what] != 0 && now - net->said[what] < NET_SAY_MS)
        return false;
    net->said[what] = now;
    return true;
}

/* Closing twice is an error in libuv; here the ways to the end may cross. */
void
net_handle_close(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* The timer runs only while there is something to wait for: an idle server sleeps. */
void
net_tick(struct net *net)
{
    if (!uv_is_active((uv_handle_t *)&net->timer) && !net->finished)
        (void)uv_timer_again(&net->timer);
}

/* The loop ends when nothing keeps it: so everything that does is closed here, in one place. */
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
    net_handle_close((uv_handle_t *)&net->watchdog);
    /* net_wake may still be called until net_free: the handle stays, but keeps nobody. */
    uv_unref((uv_handle_t *)&net->async);
}
