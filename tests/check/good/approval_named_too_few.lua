-- SPDX-License-Identifier: Apache-2.0
-- The good twin: two people are named.
return workflow "approval_named_too_few" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      at_least(2) { person "li", person "wang" } { nobody = "reject" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
