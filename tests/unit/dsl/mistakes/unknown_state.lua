return workflow "unknown_state" {
  key = "CA",
  start = "screening",
  state "screening" {
    on "go_on" { by = "pm", to = "screenig" }, --> unknown state "screenig" (did you mean "screening"?)
    on "stop" { by = "pm",
      to = { "done",
        "dnoe" } }, --> unknown state "dnoe" (did you mean "done"?)
  },
  final "done",
}
