-- SPDX-License-Identifier: Apache-2.0
-- One of two rules.
-- expect: nobody-missing 11:9
return workflow "nobody_missing_inside" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      all_of { one_of "client" { nobody = "reject" },
        percent(60) "ccb" {} },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
