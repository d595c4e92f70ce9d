-- SPDX-License-Identifier: Apache-2.0
-- The team of the kill rounds.
return team "fault" {
  title = "Kill rounds", timezone = "UTC", currency = "EUR",
  use "job", use "note",
}
