-- The support desk of a software company in Italy. Its one workflow is workflows/ticket.lua.
return team "helpdesk" {
  title = "Help desk",
  timezone = "Europe/Rome", language = "en", currency = "EUR",
  use "ticket",
}
