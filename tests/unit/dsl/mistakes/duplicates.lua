return workflow "duplicates" {
  key = "CA",
  roles = { "pm",
    "pm" }, --> a second role "pm"
  fields = { a = text },
  internal = { a = text }, --> a second field "a"
  state "one" { on "x" { by = "pm", to = "two" } },
  state "one" {}, --> a second state "one"; the first is in line 7
  state "three" {
    within { "1 day", late "0" { remind "pm" } },
    within { "2 days", late "0" { remind "pm" } }, --> a second deadline "three"; the first is in line 10: give this one a name of its own
  },
  final "two",
}
