-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the client would agree to an internal field.
return workflow "covers_unseen" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  fields = { what = text {}, cost = money {} }, internal = { margin = money {} },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { covers = { "what", "margin" }, rule =
      one_of "pm" { nobody = "reject" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
