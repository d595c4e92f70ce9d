limit = 3 --> "limit" is not local: write "local limit = ..."
return workflow "globals" {
  key = "CA",
  state "one" { after "1 day" { to = "two" } },
  final "two",
}
