-- SPDX-License-Identifier: Apache-2.0
-- The opener may be the pm; without an exclusion the opener is there.
-- expect: nobody-missing 10:7
return workflow "nobody_missing_opener" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      one_of "requester" { exclude = { "pm" } },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
