/* SPDX-License-Identifier: Apache-2.0 */
/* What web/build.mjs writes: the files, sorted by path. */
#ifndef CONSOLE_FILES_H
#define CONSOLE_FILES_H

#include "asset.h"

extern const struct net_asset console_files[];
extern const int console_files_count; /* 0: the program was built without Node */

#endif
