-- SPDX-License-Identifier: Apache-2.0
-- The good twin: nobody may hold the role.
return workflow "nobody_missing" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      one_of "pm" { nobody = "reject" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
