/* SPDX-License-Identifier: Apache-2.0 */
/* A file on its way to the server: file.begin, its pieces, file.end. */
#ifndef CLI_UPLOAD_H
#define CLI_UPLOAD_H

#include "client.h"
#include "hash.h"
#include <sys/types.h>

#define UPLOAD_FILE_ID 64
#define UPLOAD_PIECE   ((size_t)512 * 1024) /* what file.put takes and file.get gives at once */

struct upload {
    char *path; /* for messages; its last part is the name */
    int fd;     /* -1: none */
    int64_t size;
    char sha256[SGN_HASH_HEX];
    char *bytes, *text; /* a piece, and its base64 */
};

/* Takes the descriptor (-1: opening failed, errno says why), and reads all of the file to hash it.
 * Only what is a file. upload_deinit() in any case. */
enum sgn_status upload_open(struct upload *up, int fd_take, const char *path,
                            struct sgn_error *err) SGN_MUST_CHECK;
/* type NULL: by the name's ending. file: the id that the server gave it. */
enum sgn_status upload_send(struct upload *up, struct client *client, const char *type,
                            char file[UPLOAD_FILE_ID], struct sgn_error *err) SGN_MUST_CHECK;
void upload_deinit(struct upload *up);
/* What errno says of a file. */
enum sgn_status upload_fail(const char *path, struct sgn_error *err);

#endif
