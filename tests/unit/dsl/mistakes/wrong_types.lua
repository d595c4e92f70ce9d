return workflow "wrong_types" {
  key = 7, --> expected two to eight capitals and digits, like "CR", got 7
  version = "two", --> expected a whole number from 1, got "two"
  title = { en = "Case", fr = "Cas" }, --> unknown language "fr": expected en or zh
  client = "all", --> expected one of "none", "own", "project", got "all"
  fields = {
    a = text { required = "yes" }, --> expected true or false, got "yes"
    b = "text", --> expected a type like text {} or number {}, got "text"
  },
  state "one" {
    on "x" { by = 3, --> expected a role, a list of them, group "x", person "x", decided_by "state" or a function, got 3
      to = 4, --> expected a state's name, or a list of them, got 4
      note = "yes", --> expected "required", "shared" or { "required", "shared" }, got "yes"
    } },
  final "two",
}
