return workflow "durations" {
  key = "CA",
  state "one" {
    within { "2 fortnights", late "0" { remind "pm" } }, --~ fortnights
    after "soon" { to = "two" }, --~ soon
    within "w" { late "0" { remind "pm" } }, --> within "w": expected a duration like "2 days" first, got late
  },
  final "two",
}
