return workflow "reserved_fields" {
  key = "CA",
  fields = {
    owner = person, --> a field cannot be named "owner": every case has that already
    priority = number, --> a field cannot be named "priority": every case has that already
    Bad = text, --> "Bad" is no name for a field: small letters, digits and _
  },
  state "one",
}
