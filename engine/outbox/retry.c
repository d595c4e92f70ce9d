/* SPDX-License-Identifier: Apache-2.0 */
/* When what did not arrive is tried again. */
#include "outbox.h"

/* Standard Webhooks 1.0.0, "Retry schedule": at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10
 * h, 14 h, 20 h, 24 h, each from the attempt before it. */
static const int64_t pauses[OUTBOX_ATTEMPTS - 1] = {
    5 * SGN_SECOND_MS, 5 * SGN_MINUTE_MS, 30 * SGN_MINUTE_MS, 2 * SGN_HOUR_MS,  5 * SGN_HOUR_MS,
    10 * SGN_HOUR_MS,  14 * SGN_HOUR_MS,  20 * SGN_HOUR_MS,   24 * SGN_HOUR_MS,
};

int64_t
outbox_retry_ms(int attempts)
{
    return attempts >= 1 && attempts < OUTBOX_ATTEMPTS ? pauses[attempts - 1] : 0;
}
