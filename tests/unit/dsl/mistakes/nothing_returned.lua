workflow "nothing_returned" { key = "CA", state "one" } --> the file returns nothing: expected "return workflow ..." or "return team ..."
