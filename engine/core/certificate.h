/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificate, format 1: what was decided in a case, to be checked without the server, for
 * ever. Permanent, as entry.h. Pure functions; any thread.
 *
 * As JSON it is one line: canonical JSON (RFC 8785: no white space, members in order of their
 * names, strings, integers and null only) and a line feed, nothing before and nothing behind. An
 * object with exactly
 *
 *   contents   [CONTENT] what ballots of the decision agreed to, see below
 *   entries    [{"header", "salt", "shared"}] the case's entries from its first to the one that
 *              decided, each header the bytes that were hashed (entry.h), shared its shared part
 *              with salt, the 16 bytes in hex; both null where there is none, or where it was
 *              redacted (the header has its hash then). Internal parts never stand here.
 *   key        the site's public key (ed25519), 64 hex digits
 *   said       what the names in it are called, for who reads it; no part of the proof
 *   signature  128 hex digits: ed25519 (RFC 8032) by key over 0x04 and the canonical JSON of
 *   statement  {"at": when it was signed, ms since 1970, "case", "case_seq", "hash": of the last
 *              entry, "page": below, or null, "team", "v": 1, "whole": SHA-256(0x06, canonical JSON
 *              of {"contents", "entries", "said"})}
 *
 * Hashes are 64 lower-case hex digits. Entries prove themselves: hash = SHA-256(0x00, header); the
 * next header's case_prev is that hash, case_seq counts from 1; the header's shared =
 * SHA-256(0x01, salt, shared part). What was decided stands in the last shared part: "round"
 * (with "ended": outcome, manner), "decided" (each ballot that counted: person, on_behalf, choice,
 * at, digest), "outcome" (how the case ended).
 *
 *   CONTENT    {"case", "fields", "files": {id: SHA-256}, "rules", "workflow"}, whose
 *              SHA-256(0x02, canonical JSON) is the digest of a ballot in "decided": exactly that
 *              was agreed to. A ballot without one covers what is not shared.
 *
 * As a page it is HTML in UTF-8 that fetches and runs nothing, and at its end the same JSON with
 * its line feed, in base64 (RFC 4648 section 4, one line), between CERTIFICATE_BEGIN and
 * CERTIFICATE_END; "page" is SHA-256(0x07, every byte before CERTIFICATE_BEGIN). So every byte of
 * either file is accounted for, and any that is changed is found.
 *
 * Entries that have no shared part stand here with their header: who reads a certificate learns
 * that there was one, of what kind, by whom and when, and never what was in it. Less would prove
 * less. A header is hashed as one text, so that nothing of it can be left out; and an entry of
 * which only the hash stood here would not say what came before it: all before the last such entry
 * would hang on the signature alone, and whoever holds the key could put another beginning before
 * the same end. Hiding it takes headers that are hashed in two halves, which is another format of
 * entries (entry.h), and entries are permanent.
 *
 * That a key is the site's is told by nothing in here: compare it with server.info.
 */
#ifndef CORE_CERTIFICATE_H
#define CORE_CERTIFICATE_H

#include "hash.h"
#include "model.h"
#include "status.h"

#define CERTIFICATE_BEGIN "<!--signoff-certificate-1\n"
#define CERTIFICATE_END   "\n-->\n"
#define CERTIFICATE_MAX   ((size_t)32 << 20) /* bytes of either file */

/*
 * What the ballots in the last entry's "decided" agreed to. entries as above; model is that of the
 * version that decided. The names covered are looked for among those of the approval's rules: the
 * digest tells which are right, so none is guessed. *fields gets the shared fields as they were
 * when it was decided, *files [FILE] that were shared until then. New references.
 */
enum sgn_status certificate_contents(const struct model *model, const json_t *entries,
                                     json_t **contents, json_t **fields, json_t **files,
                                     struct sgn_error *err) SGN_MUST_CHECK;

/* The JSON of body ({"contents", "entries", "said"}), signed at that time. page: the bytes before
 * CERTIFICATE_BEGIN, or NULL. Appended to out. */
struct certificate_seal {
    const unsigned char *secret; /* SGN_SIGN_SECRET bytes */
    int64_t at;
    const char *page;
    size_t page_n;
};
struct sgn_buf;
enum sgn_status certificate_seal(const json_t *body, const struct certificate_seal *seal,
                                 struct sgn_buf *out, struct sgn_error *err) SGN_MUST_CHECK;
/* The page that ends with its certificate: page_n bytes of page are in out already. */
enum sgn_status certificate_seal_page(const json_t *body, const unsigned char *secret, int64_t at,
                                      struct sgn_buf *out, struct sgn_error *err) SGN_MUST_CHECK;

/*
 * Checks either file. key: the site's as it is known from elsewhere (SGN_SIGN_PUBLIC bytes), or
 * NULL. SGN_INVALID says what is broken. *out, a new reference: team, case, at (ms), key, page (is
 * it one?), entries (how many), redacted, hash, decided_at (ms), outcome (of the case, or null),
 * rounds [{approval, number, outcome, manner?}], ballots [{approval, person, on_behalf?, choice,
 * at (ms), digest?, content: CONTENT?}], said.
 */
enum sgn_status certificate_verify(const char *bytes, size_t n, const unsigned char *key,
                                   json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

#endif
