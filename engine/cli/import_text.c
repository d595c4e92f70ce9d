/* SPDX-License-Identifier: Apache-2.0 */
/* Files as UTF-8. See import_text.h. */
#include "import_text.h"

#include "text.h"
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK  65536
#define MARK_N 3

/* ---- which encoding ---- */

/* Is all of it UTF-8? Read in blocks; a character cut by a block's end goes on in the next. */
static bool
is_utf8(FILE *file)
{
    char bytes[BLOCK];
    size_t kept = 0, n;

    while ((n = fread(bytes + kept, 1, sizeof(bytes) - kept, file)) > 0) {
        size_t whole = kept + n, back = 0;
        while (back < 4 && back < whole && ((unsigned char)bytes[whole - 1 - back] & 0xc0) == 0x80)
            back++;
        if (back < whole && (unsigned char)bytes[whole - 1 - back] >= 0xc0 && !feof(file))
            whole -= back + 1;
        /* a zero byte is the reader's to refuse, with its line */
        for (size_t i = 0; i < whole; i++)
            if (bytes[i] == '\0')
                bytes[i] = ' ';
        if (!sgn_utf8_valid(bytes, whole))
            return false;
        kept = kept + n - whole;
        memmove(bytes, bytes + whole, kept);
    }
    return kept == 0 || sgn_utf8_valid(bytes, kept);
}

/* Is what is not ASCII mostly of two bytes from A1 on, as the characters of GB 2312 are, which
 * everyday Chinese is written with? A Latin letter with an accent has a plain letter behind it:
 * taken for GB18030, it would become a wrong character without anybody noticing. */
static bool
is_chinese(FILE *file)
{
    int64_t pairs = 0, others = 0;
    int c;

    while ((c = getc(file)) != EOF) {
        int next;
        if (c < 0x80)
            continue;
        next = getc(file);
        if (c >= 0xa1 && next >= 0xa1)
            pairs++;
        else
            others++;
    }
    return pairs > 2 * others;
}

/* NULL: it is UTF-8 already, or nothing that is known; the reader then says where. */
static const char *
encoding_of(FILE *file)
{
    unsigned char mark[MARK_N] = { 0 };
    size_t n = fread(mark, 1, MARK_N, file);
    bool plain;

    rewind(file);
    if (n >= 2 && mark[0] == 0xff && mark[1] == 0xfe)
        return "UTF-16";
    if (n >= 2 && mark[0] == 0xfe && mark[1] == 0xff)
        return "UTF-16";
    plain = is_utf8(file);
    rewind(file);
    if (!plain)
        plain = !is_chinese(file);
    rewind(file);
    return plain ? NULL : "GB18030";
}

/* ---- converting ---- */

static enum sgn_status
no_temporary(struct sgn_error *err)
{
    return sgn_fail(err, SGN_UNAVAILABLE, "no temporary file: %s", strerror(errno));
}

/* What is left of in is moved to its beginning. done: how many bytes went before it. */
static enum sgn_status
convert_block(iconv_t as, char *in, size_t *left, bool last, int64_t done, FILE *to,
              struct sgn_error *err)
{
    char out[BLOCK], *from = in;
    size_t rest = *left;

    while (rest > 0) {
        char *into = out;
        size_t room = sizeof(out);
        size_t got = iconv(as, &from, &rest, &into, &room);
        if (fwrite(out, 1, sizeof(out) - room, to) != sizeof(out) - room)
            return no_temporary(err);
        if (got == (size_t)-1 && (errno == EILSEQ || (errno == EINVAL && last))) {
            done += from - in;
            return sgn_fail(err, SGN_INVALID,
                            "byte %lld is in no encoding that is known here: save the file as "
                            "\"CSV UTF-8\", or say --encoding",
                            (long long)done);
        }
        if (got == (size_t)-1 && errno == EINVAL) /* goes on in the next block */
            break;
    }
    memmove(in, from, rest);
    *left = rest;
    return SGN_OK;
}

static enum sgn_status
convert(FILE *from, const char *encoding, FILE *to, struct sgn_error *err)
{
    iconv_t as = iconv_open("UTF-8", encoding);
    char in[BLOCK];
    size_t left = 0, n;
    int64_t done = 0;
    enum sgn_status st = SGN_OK;

    if (as == (iconv_t)-1)
        return sgn_fail(err, SGN_INVALID,
                        "--encoding %.40s is not known here: UTF-8, UTF-16, GB18030, Big5, "
                        "windows-1252 and others are",
                        encoding);
    while (st == SGN_OK && (n = fread(in + left, 1, sizeof(in) - left, from)) > 0) {
        size_t all = left + n;
        left = all;
        st = convert_block(as, in, &left, feof(from) != 0, done, to, err);
        done += (int64_t)(all - left);
    }
    if (st == SGN_OK && left > 0)
        st = convert_block(as, in, &left, true, done, to, err);
    if (st == SGN_OK && ferror(from))
        st = sgn_fail(err, SGN_UNAVAILABLE, "the input could not be read: %s", strerror(errno));
    /* what is still in memory may be what the disk has no room for */
    if (st == SGN_OK && fflush(to) != 0)
        st = no_temporary(err);
    iconv_close(as);
    return st;
}

/* ---- opening ---- */

/* Read more than once: what comes through a pipe is kept in a file without a name. */
static enum sgn_status
spool(FILE **file, struct sgn_error *err)
{
    char bytes[BLOCK];
    FILE *copy = tmpfile();
    size_t n;

    if (copy == NULL)
        return no_temporary(err);
    while ((n = fread(bytes, 1, sizeof(bytes), stdin)) > 0)
        if (fwrite(bytes, 1, n, copy) != n)
            break;
    if (ferror(stdin)) {
        fclose(copy);
        return sgn_fail(err, SGN_UNAVAILABLE, "the input could not be read: %s", strerror(errno));
    }
    if (fflush(copy) != 0 || ferror(copy)) {
        fclose(copy);
        return no_temporary(err);
    }
    *file = copy;
    return SGN_OK;
}

static enum sgn_status
check_size(FILE *file, const char *path, struct sgn_error *err)
{
    long long size = fseeko(file, 0, SEEK_END) == 0 ? (long long)ftello(file) : -1;

    rewind(file);
    if (size < 0)
        return sgn_fail(err, SGN_INVALID, "%s: no file that can be read twice", path);
    return size <= IMPORT_FILE_MAX
               ? SGN_OK
               : sgn_fail(err, SGN_TOO_LARGE, "%s is larger than 1 GiB: divide it", path);
}

enum sgn_status
import_open(const char *path, const char *encoding, FILE **out, struct sgn_error *err)
{
    FILE *file = NULL, *converted = NULL;
    enum sgn_status st = SGN_OK;

    if (strcmp(path, "-") == 0)
        st = spool(&file, err);
    else if ((file = fopen(path, "r")) == NULL)
        st = sgn_fail(err, SGN_NOT_FOUND, "%s: could not be read: %s", path, strerror(errno));
    if (st == SGN_OK)
        st = check_size(file, path, err);
    if (st == SGN_OK && encoding == NULL)
        encoding = encoding_of(file);
    if (st == SGN_OK && encoding != NULL) {
        converted = tmpfile();
        st = converted != NULL ? convert(file, encoding, converted, err) : no_temporary(err);
        if (st == SGN_INVALID)
            sgn_error_prefix(err, "%s: ", path);
    }
    *out = st == SGN_OK ? (converted != NULL ? converted : file) : NULL;
    if (file != NULL && *out != file)
        fclose(file);
    if (converted != NULL && *out != converted)
        fclose(converted);
    if (*out != NULL)
        rewind(*out);
    return st;
}
