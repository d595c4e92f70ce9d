return workflow "migrate" {
  key = "CA", version = 3,
  roles = { "pm" },
  fields = { days = number {} },
  state "triage" {
    state "first" {},
    history "back" { start = "first" },
    on "close" { by = "pm", to = "done" },
  },
  final "done",
  migrate { states = { screening = "triage" } }, --> migrate: expected from = the version that it is for
  migrate {
    from = 3, --> this is version 3 itself: a migration comes from another one
    states = { screening = "trige" }, --> unknown state "trige" (did you mean "triage"?)
  },
  migrate {
    from = { 1,
      "2" }, --~ expected a version's number, got "2"
    states = { open = "back" }, --> a case cannot be in "back": it is a history
    fields = "days", --~ expected a function of the old fields, got "days"
  },
  migrate {
    from = 1, --> a second migration from version 1
    field = function(f) return {} end, --> unknown key "field" in migrate (did you mean "fields"?)
  },
}
