local helpers = requir "helpers" --> unknown word "requir"
local name = "state_" .. helpers.name .. "x"
return workflow "placeholder" {
  key = "CA",
  helpers.first(name),
  state "one" { on "x" { by = helpers.by, to = helpers.target, when = { a = helpers.value } }, --> unknown field "a"
    after "1 day" { to = "tow" } }, --> unknown state "tow" (did you mean "two"?)
  final "two",
}
