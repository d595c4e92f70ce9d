return workflow "full_width_later" { key = "FU"
  state "one" { on "go" { to = "two" } }, --> '}' expected (to close '{' at line 1) near 'state'
  final "two"， --> "，" is a full-width comma
}
