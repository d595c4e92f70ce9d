/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The language for people and for editors: one table of its words, printed in several forms.
 */
#ifndef DSL_REFERENCE_H
#define DSL_REFERENCE_H

#include "status.h"

/*
 * form: "page" (Markdown), "lua" (annotations for editors, LuaCATS), "luacheck" and "luarc" (the
 * settings of luacheck and of the Lua language server), "tests" (the words of a test file, as
 * text). word: that word's part of the page alone, "c", "e" or "t" for the members of these,
 * "c:set" for one of them, or NULL; SGN_NOT_FOUND names the nearest one. *out is malloc'ed.
 */
enum sgn_status dsl_reference(const char *form, const char *word, char **out,
                              struct sgn_error *err) SGN_MUST_CHECK;

#endif
