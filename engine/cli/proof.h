/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates of decisions on the command line: checked without any server (proof.c), and fetched
 * (remote_certificate.c). */
#ifndef CLI_PROOF_H
#define CLI_PROOF_H

#include "commands.h"

/* Checks a certificate's bytes, by a key in hex where one is given, and shows what it proves. name:
 * where it is from, for errors. */
enum sgn_status proof_check(struct cli *cli, const char *name, const char *bytes, size_t n,
                            const char *key, struct sgn_error *err) SGN_MUST_CHECK;
/* "verify FILE". */
enum sgn_status proof_verify(struct cli *cli, const char *path,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* "certificate CASE" */
enum sgn_status remote_certificate(struct cli *cli, struct sgn_error *err);

#endif
