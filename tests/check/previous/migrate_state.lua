-- SPDX-License-Identifier: Apache-2.0
-- The version before: a state of it has no counterpart in the next one.
return workflow "migrate_state" {
  key = "XX", version = 1, roles = { "pm" }, fields = { note = text {} },
  start = "draft",
  state "draft" { edit = { pm = "all" }, on "send" { by = "pm", needs = { "note" }, to = "checking" } },
  parallel "checking" {
    state "one" { state "asked" { on "answer" { by = "pm", to = "answered" } }, final "answered" },
    state "two" { state "looked" { on "look" { by = "pm", to = "seen" } }, final "seen" },
    done = "parked",
  },
  state "parked" { on "end" { by = "pm", to = "done" } },
  final "done",
}
