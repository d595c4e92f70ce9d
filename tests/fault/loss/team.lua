-- SPDX-License-Identifier: Apache-2.0
-- The team whose every call may fail.
return team "loss" {
  title = "Loss", timezone = "Asia/Shanghai", currency = "CNY",
  calendar "office" { monday_to_friday = { "09:00-12:00", "13:30-18:00" } },
  use "order", use "note",
}
