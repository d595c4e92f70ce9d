return workflow "containers" {
  key = "CA",
  state "one" { start = "one", --> start needs states inside state "one"
    done = "two" }, --> done needs states inside state "one"
  parallel "p" {}, --> parallel "p" holds no states
  final "two",
}
