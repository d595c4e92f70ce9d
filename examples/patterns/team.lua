-- SPDX-License-Identifier: Apache-2.0
-- The pattern book: every workflow here shows a few of the workflow patterns. See README.md.
return team "patterns" {
  title = { en = "Pattern book", zh = "工作流模式" },
  timezone = "Asia/Shanghai", language = "en", currency = "CNY",
  calendar "office" { monday_to_friday = { "09:00-12:00", "13:30-18:00" } },
  use "kickoff", use "handover", use "quotes", use "opinions", use "drafting", use "cutover",
  use "inspection", use "rollout", use "site_visit", use "work_package", use "payment", use "board",
  use "dispatch", use "desk", use "audit", use "complaint",
}
