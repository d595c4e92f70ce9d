return workflow "stages" {
  key = "CA",
  state { owner = "pm" }, --> state: expected a name in quotes, got a table
  state "two" {
    on "x", --> on "x": expected a body in braces
    at_least "2", --> at_least: expected a number, got "2" | at_least cannot stand in state "two"
    approval {
      rule = at_least(2), --> at_least: expected a role, or other words for people
      approved = "done", rejected = "done" },
  },
  final "done" {} {}, --> final takes nothing more here
}
