return workflow "durations" {
  key = "CA",
  fields = { name = text {}, day = date {}, since = time {} },
  state "one" {
    within { "2 fortnights", late "0" { remind "pm" } }, --~ fortnights
    after "soon" { to = "two" }, --~ soon
    within "w" { late "0" { remind "pm" } }, --> within "w": expected a duration like "2 days" first, got late
  },
  state "three" {
    within "late" { due = "name", late "0" { remind "pm" } }, --> the field "name" is a text: expected one of type date or time
    within "both" { "2 days", due = "day", late "0" { remind "pm" } }, --~ no place beside it
    within "from" { due = "day", from = "since", late "0" { remind "pm" } }, --~ no place beside it
  },
  final "two",
}
