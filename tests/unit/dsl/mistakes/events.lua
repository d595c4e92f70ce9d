return workflow "events" {
  key = "CA",
  state "one" {
    on "two words" { by = "pm", to = "two" }, --> "two words" is no name for an event: expected words joined by dots
    on "x" { by = "pm", run = emit "", to = "two" }, --> "" is no name for an event: expected words joined by dots
    on "y" { by = "pm", internal = true }, --> internal = true needs a target: without one nothing is left anyway
    on "z" { by = "pm", to = "two", run = decide "approved" }, --> decide can only stand in a rung of a deadline
  },
  final "two",
}
