-- SPDX-License-Identifier: Apache-2.0
-- The studio that delivers the project: its hours, its client's hours, the shipped workflows, and a
-- progress report on every Friday.
return team "studio" {
  title = { en = "Studio", zh = "交付工作室" },
  timezone = "Asia/Shanghai", language = "en", currency = "CNY",
  calendar "office" { monday_to_friday = { "09:00-12:00", "13:30-18:00" }, holidays = "cn" },
  use "action", use "acceptance", use "budget", use "change_request", use "charter", use "closeout",
  use "communication", use "communication_plan",
  use "complaint", use "document", use "expense", use "feedback", use "improvement", use "issue",
  use "lesson", use "meeting", use "milestone", use "progress_report", use "requirement", use "risk",
  use "support", use "survey", use "training", use "vendor_item",
  every "friday 14:00" { start "progress_report" { for_each = "open project" } },
}
