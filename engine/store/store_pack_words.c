/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words that entries are full of, known to whoever packs and unpacks: names of their members, and
 * what often stands in them. Entries that are packed hang on their places: none is ever moved,
 * taken out or changed, and there is no room for more. (A unit test holds them by their digest.)
 */
#include "store_pack_codes.h"

/* clang-format off */
const char *const store_pack_words[STORE_PACK_WORDS] = {
    /* Texts, and names of members: STORE_PACK_TEXTS of them. */
    "line", "unix", "http", "ws", "engine", "link", "mail", "open", "fire", "edit", "comment",
    "assign", "attach", "vote", "withdraw", "task", "effect", "correct", "retry", "redact",
    "send", "schedule", "sweep", "migrate", "data", "deadline", "within", "every", "approve",
    "reject", "abstain", "owner", "role", "person", "client", "team", "group", "approval",
    "draft", "done", "new", "active", "closed", "waiting", "low", "normal", "high", "urgent",
    "yes", "no", "en", "zh", "work", "office", "remind", "approved", "rejected", "expired",
    "agent", "system", "d1", "d2", "d3", "d4",
    /* Names of members alone. */
    "about", "actor", "amount", "argument", "armed", "armed_at", "as", "at", "attributes",
    "ballots", "by", "calendar", "case", "case_seq", "cause", "changed", "channel", "choice",
    "clock", "closed_at", "code", "count", "created", "currency", "date", "deadlines", "decided",
    "depth", "digest", "dropped", "due", "effects", "eligible", "ended", "ends", "entered",
    "event", "expires", "failed", "fields", "file", "files", "fired", "from", "gone", "had",
    "hash", "history", "hours", "id", "internal", "key", "kind", "language", "last_use", "lead",
    "left", "links", "maker", "members", "message", "method", "moved", "name", "next", "now",
    "number", "of", "opened_at", "opener", "order", "outcome", "outcome_title", "owners",
    "params", "parts", "pauses", "people", "previous", "priority", "project", "reason", "repeats",
    "rev", "revoked", "rounds", "round", "row", "rows", "rules", "rung", "says", "scope", "seen",
    "seq", "sha256", "share", "shared", "shown", "since", "size", "stand_in", "standing",
    "started", "starts", "state", "states", "stuck", "table", "tasks", "text", "title", "to",
    "told", "total", "transition", "type", "until", "value", "version", "visits", "voided", "was",
    "what", "why", "workflow", "workflows", "working",
};
/* clang-format on */
