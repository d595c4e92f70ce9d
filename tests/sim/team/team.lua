-- SPDX-License-Identifier: Apache-2.0
-- The team of the simulation.
return team "sim" {
  title = "Simulation", timezone = "UTC", currency = "EUR",
  use "job", use "note",
}
