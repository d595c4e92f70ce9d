-- A client's ticket at the help desk, from its arrival until it is closed.
--
-- The words are those of the desk's log: "Take in charge ticket" is the event take_in_charge.
-- Which act may follow which is our decision, made from what the desk really did; the table and
-- the reasons stand in README.md. What is not written here is refused.

-- What the log knows of a ticket. Every act carries all of it, because it may change on the way:
-- most often a ticket that arrives without a service level gets one when it is graded.
local attributes = {
  "resource", "seriousness", "customer", "product", "service_level", "service_type", "workgroup",
}

-- An act of the desk: desk "wait" { to = "waiting" }.
local function desk(event)
  return function(act)
    act.by = "agent"
    act.takes = attributes
    return on(event)(act)
  end
end

-- Hours by service level. THE LOG DOES NOT TELL THEM: they are our assumption.
local hours_to_respond = {
  ["1"] = "8 hours", ["2"] = "24 hours", ["3"] = "48 hours", ["4"] = "72 hours",
}
local hours_to_resolve = {
  ["1"] = "120 hours", ["2"] = "240 hours", ["3"] = "336 hours", ["4"] = "480 hours",
}

-- A ticket in charge may be handed to a colleague; taking what one has already says nothing.
local function is_a_colleague(c, e)
  if c.fields.taken_by == e.data.resource then
    return false, "resource " .. e.data.resource .. " has this ticket in charge already"
  end
  return true
end

return workflow "ticket" {
  key = "HD", version = 1,
  title  = { en = "Ticket", zh = "工单" },
  client = "project",
  open   = { by = "agent" },
  roles  = { "agent", "client" },

  fields = {
    ticket        = number { required = true, indexed = true, title = "Number in the log" },
    seriousness   = number { title = "Seriousness" },
    customer      = number { indexed = true, title = "Customer" },
    product       = number { title = "Product" },
    service_level = choice { "1", "2", "3", "4", title = "Service level" },
    service_type  = number { title = "Service type" },
  },
  internal = {
    resource      = number { title = "Who did the last act" },
    taken_by      = number { title = "Who has it in charge" },
    workgroup     = number { title = "Work group" },
  },

  start = "new",

  -- From arrival to resolution. A reopened ticket comes back here and its clock starts again.
  state "active" { owner = "agent",
    within "resolution" { per "service_level" (hours_to_resolve),
      at   "80%" { remind "owner" },
      late "0"   { remind "owner", priority "up" },
    },

    -- Nobody has acted on it yet.
    state "queue" {
      within "response" { per "service_level" (hours_to_respond),
        at   "80%" { remind "owner" },
        late "0"   { remind "owner", priority "up" },
      },

      state "new" {
        desk "insert"            { to = "inserted" },
        desk "assign_seriousness" { to = "graded" },
        desk "take_in_charge"    { to = "in_charge", run = set { taken_by = from_event "resource" } },
        desk "wait"              { to = "waiting" },
        desk "create_anomaly"    { to = "anomaly" },
        desk "resolve"           { to = "resolved" },
      },
      state "inserted" {
        desk "assign_seriousness" { to = "graded" },
        desk "take_in_charge"    { to = "in_charge", run = set { taken_by = from_event "resource" } },
        desk "wait"              { to = "waiting" },
      },
      state "graded" {
        desk "assign_seriousness" {},                         -- graded anew
        desk "take_in_charge"    { to = "in_charge", run = set { taken_by = from_event "resource" } },
        desk "wait"              { to = "waiting" },
        desk "require_upgrade"   { to = "upgrade" },
        desk "create_anomaly"    { to = "anomaly" },
        desk "resolve"           { to = "resolved" },
      },
    },

    state "in_charge" {
      desk "take_in_charge" { when = is_a_colleague, run = set { taken_by = from_event "resource" } },
      desk "wait"                  { to = "waiting" },
      desk "require_upgrade"       { to = "upgrade" },
      desk "create_anomaly"        { to = "anomaly" },
      desk "schedule_intervention" { to = "intervention" },
      desk "resolve"               { to = "resolved" },
    },

    -- The client has to answer: the time to resolve stands still.
    -- signoff: allow waits-for-ever: the desk whose log this is waited without end
    state "waiting" { waiting_for = "client",
      desk "wait"              {},                            -- asked once more
      desk "take_in_charge"    { to = "in_charge", run = set { taken_by = from_event "resource" } },
      desk "require_upgrade"   { to = "upgrade" },
      desk "create_anomaly"    { to = "anomaly" },
      desk "resolve"           { to = "resolved" },
    },

    -- A newer version of the product is needed. Ours to deliver: the clock runs.
    state "upgrade" {
      desk "tracker"           {},                            -- tracker.verified and its like: noted
      desk "take_in_charge"    { to = "in_charge", run = set { taken_by = from_event "resource" } },
      desk "wait"              { to = "waiting" },
      desk "create_anomaly"    { to = "anomaly" },
      desk "resolve"           { to = "resolved" },
    },

    -- A defect of the software, reported to the developers.
    state "anomaly" {
      desk "tracker"           {},
      desk "create_anomaly"    {},                            -- one more defect
      desk "resolve_anomaly"   { to = "in_charge" },
      desk "take_in_charge"    { to = "in_charge", run = set { taken_by = from_event "resource" } },
      desk "require_upgrade"   { to = "upgrade" },
      desk "resolve"           { to = "resolved" },
    },

    -- Somebody goes to the client.
    state "intervention" {
      desk "take_in_charge"    { to = "in_charge", run = set { taken_by = from_event "resource" } },
      desk "resolve"           { to = "resolved" },
    },
  },

  -- The client may still say that it is not: then somebody takes it in charge again.
  state "resolved" {
    desk "take_in_charge" { to = "in_charge", run = set { taken_by = from_event "resource" } },
    desk "close"          { to = "closed" },
  },

  final "closed" { outcome = "closed" },
}
