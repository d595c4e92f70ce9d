/* SPDX-License-Identifier: Apache-2.0 */
/* Mails, put together. */
#include "mime.h"

#include "address.h"
#include "clock.h"
#include "hash.h"
#include <stdlib.h>
#include <string.h>

#define WORD_BYTES 45 /* of an encoded word: 60 characters, with its frame under 75 (RFC 2047) */
#define WORD_FIRST 36 /* of the one behind the header's name: lines have at most 76 */
#define LINE_BYTES 57 /* of a line in base64: 76 characters (RFC 2045) */

/* So many bytes, not within a character. */
static size_t
cut(const char *text, size_t most)
{
    size_t n = strlen(text);

    if (n <= most)
        return n;
    for (n = most; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80; n--)
        ;
    return n > 0 ? n : most;
}

static void
put_encoded(struct sgn_buf *out, const char *text)
{
    char clean[WORD_BYTES], encoded[SGN_BASE64_TEXT(WORD_BYTES)];

    for (bool first = true; *text != '\0'; first = false) {
        size_t n = cut(text, first ? WORD_FIRST : WORD_BYTES);

        for (size_t i = 0; i < n; i++)
            clean[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f ? ' ' : text[i];
        sgn_base64(clean, n, encoded);
        (void)sgn_buf_printf(out, "%s=?UTF-8?B?%s?=", first ? "" : "\r\n ", encoded);
        text += n;
    }
}

/* Nothing in it that could mean anything in a header? */
static bool
is_plain(const char *text)
{
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,-_") ==
               strlen(text) &&
           strlen(text) < 60 && strstr(text, "  ") == NULL && text[0] != ' ';
}

static void
put_text(struct sgn_buf *out, const char *text, bool quoted)
{
    if (is_plain(text))
        (void)sgn_buf_printf(out, quoted ? "\"%s\"" : "%s", text);
    else
        put_encoded(out, text);
}

static enum sgn_status
put_address(struct sgn_buf *out, const char *header, const char *name, const char *address,
            struct sgn_error *err)
{
    if (!sgn_mail_valid(address))
        return sgn_fail(err, SGN_INVALID, "'%.80s' is no mail address", address);
    (void)sgn_buf_printf(out, "%s: ", header);
    if (name[0] != '\0') {
        put_text(out, name, true);
        (void)sgn_buf_puts(out, "\r\n ");
    }
    (void)sgn_buf_printf(out, "<%s>\r\n", address);
    return SGN_OK;
}

/* RFC 5322 section 3.3; 1970-01-01 was a Thursday. */
static void
put_date(struct sgn_buf *out, int64_t at)
{
    static const char days[] = "ThuFriSatSunMonTueWed";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t day = sgn_floor_div(at, SGN_DAY_MS), of_day = (at - day * SGN_DAY_MS) / SGN_SECOND_MS;
    int year, month, date;

    sgn_civil_from_days(day, &year, &month, &date);
    (void)sgn_buf_printf(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
                         days + 3 * ((day % 7 + 7) % 7), date, months + 3 * (month - 1), year,
                         (int)(of_day / 3600), (int)(of_day / 60 % 60), (int)(of_day % 60));
}

static void
put_part(struct sgn_buf *out, const char *boundary, const char *type, const char *text)
{
    char encoded[SGN_BASE64_TEXT(LINE_BYTES)];
    size_t n = strlen(text);

    (void)sgn_buf_printf(out,
                         "--%s\r\nContent-Type: %s; charset=utf-8\r\n"
                         "Content-Transfer-Encoding: base64\r\n\r\n",
                         boundary, type);
    for (size_t i = 0; i < n; i += LINE_BYTES) {
        sgn_base64(text + i, n - i < LINE_BYTES ? n - i : LINE_BYTES, encoded);
        (void)sgn_buf_printf(out, "%s\r\n", encoded);
    }
}

enum sgn_status
outbox_mime(const struct outbox_mail *mail, struct sgn_buf *out, struct sgn_error *err)
{
    static const char boundary[] = "=_signoff_alternative"; /* "=_": in no text of base64 */
    const char *domain;
    enum sgn_status st = put_address(out, "From", mail->from_name, mail->from, err);

    if (st == SGN_OK)
        st = put_address(out, "To", mail->to_name, mail->to, err);
    if (st != SGN_OK)
        return st;
    domain = strchr(mail->from, '@') + 1;
    (void)sgn_buf_puts(out, "Subject: ");
    put_text(out, mail->subject, false);
    (void)sgn_buf_puts(out, "\r\n");
    put_date(out, mail->at);
    (void)sgn_buf_printf(out, "Message-ID: <%s@%s>\r\n", mail->id, domain);
    if (mail->thread[0] != '\0')
        (void)sgn_buf_printf(out, "In-Reply-To: <%s@%s>\r\nReferences: <%s@%s>\r\n", mail->thread,
                             domain, mail->thread, domain);
    (void)sgn_buf_printf(out,
                         "Auto-Submitted: auto-generated\r\nContent-Language: %s\r\n"
                         "MIME-Version: 1.0\r\n"
                         "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n",
                         mail->language, boundary);
    put_part(out, boundary, "text/plain", mail->text);
    put_part(out, boundary, "text/html", mail->html);
    (void)sgn_buf_printf(out, "--%s--\r\n", boundary);
    return out->failed ? sgn_nomem(err) : SGN_OK;
}
