/* SPDX-License-Identifier: Apache-2.0 */
/* What helps a case that cannot come to another version of its workflow. */
#ifndef CLI_REMOTE_STUCK_H
#define CLI_REMOTE_STUCK_H

/* reason: as the engine names it. NULL when it cannot be said in general. */
const char *remote_stuck_advice(const char *language, const char *reason);

#endif
