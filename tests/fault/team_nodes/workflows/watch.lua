-- SPDX-License-Identifier: Apache-2.0
-- Nobody answers here. Whoever becomes a seer, or is one no more, changes whom the round asks: so
-- each such change is a sweep with one entry in each of these cases.
return workflow "watch" {
  key = "WT",
  roles = { "agent", "seer" },
  fields = { mark = text { max = 64 }, subject = text { max = 64 } },
  start = "waiting",
  state "waiting" {
    edit = { agent = { "mark", "subject" } },
    approval { covers = { "mark" }, rule = percent(100) "seer" { nobody = "reject" }, approved = "seen", rejected = "seen" },
  },
  final "seen" { outcome = "seen" },
}
