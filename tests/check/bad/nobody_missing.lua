-- SPDX-License-Identifier: Apache-2.0
-- Nobody may hold the role.
-- expect: nobody-missing 10:7
return workflow "nobody_missing" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      one_of "pm",
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
