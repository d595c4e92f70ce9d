/* SPDX-License-Identifier: Apache-2.0 */
/* Which file a path means, see console.h. */
#include "console.h"
#include "console_files.h"
#include <stdlib.h>
#include <string.h>

/* Of a program that was built without Node. */
static const char left_out[] =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Signoff</title>"
    "<h1>This program was built without its console</h1>"
    "<p>The console is bundled when Signoff is built, which needs Node.js 18 or later and npm:</p>"
    "<pre>apt-get install --no-install-recommends nodejs npm\n"
    "cmake --preset release &amp;&amp; cmake --build --preset release</pre>"
    "<p>All else works without it: <a href=\"/docs\">the protocol</a>, the command line, links "
    "that ask for an answer.</p>"
    "<h1 lang=\"zh\">此程序构建时未包含控制台</h1>"
    "<p lang=\"zh\">控制台在构建 Signoff 时打包,需要 Node.js 18 或更高版本以及 npm（命令见上）。"
    "其他功能不受影响。</p></html>\n";

static const struct net_asset left_out_page = {
    .path = "",
    .type = "text/html; charset=utf-8",
    .bytes = (const unsigned char *)left_out,
    .n = sizeof left_out - 1,
    .etag = "\"left-out\"",
    .status = 404,
};

static const struct net_asset *
file_of(const char *path, size_t n)
{
    for (int i = 0; i < console_files_count; i++)
        if (strlen(console_files[i].path) == n && memcmp(console_files[i].path, path, n) == 0)
            return &console_files[i];
    return NULL;
}

static bool
begins(const char *path, size_t n, const char *with)
{
    return n >= strlen(with) && memcmp(path, with, strlen(with)) == 0;
}

const struct net_asset *
console_asset(const char *path, size_t n)
{
    const struct net_asset *file = file_of(path, n);

    if (console_files_count == 0)
        return &left_out_page;
    if (file != NULL || begins(path, n, "/console/assets/"))
        return file;
    if (begins(path, n, "/portal/"))
        return file_of("/portal/", strlen("/portal/"));
    return file_of("/console/", strlen("/console/"));
}
