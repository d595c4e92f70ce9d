return workflow "other" { --> workflow "other" stands in a file named "other_name.lua": name both alike
  key = "CA",
  state "one",
}
