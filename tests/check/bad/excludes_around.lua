-- SPDX-License-Identifier: Apache-2.0
-- An exclusion around the rule.
-- expect: excludes-everybody 11:9
return workflow "excludes_around" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      any_of { exclude = { "pm" },
        one_of "pm" { nobody = "reject" }, one_of "sponsor" { nobody = "reject" } },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
