-- SPDX-License-Identifier: Apache-2.0
-- The client would agree to an internal field.
-- expect: covers-unseen 10:35
return workflow "covers_unseen" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  fields = { what = text {}, cost = money {} }, internal = { margin = money {} },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { covers = { "what", "margin" }, rule =
      one_of "client" { nobody = "reject" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
