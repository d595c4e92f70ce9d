-- SPDX-License-Identifier: Apache-2.0
-- The good twin: whoever opened it may be of the client.
return workflow "covers_unseen_opener" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  fields = { what = text {}, cost = money {} }, internal = { margin = money {} },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { covers = { "margin" }, rule =
      one_of { "requester", "sponsor" } { exclude = { "requester" }, nobody = "reject" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
