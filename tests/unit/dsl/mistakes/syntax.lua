return workflow "syntax" {
  key = "CA"
  state "one" {}, --> '}' expected (to close '{' at line 1) near 'state'
}
