// SPDX-License-Identifier: Apache-2.0
// Methods of the protocol that pages call, with what they take and answer: as much of it as is used here. All of it is
// in /docs. A page adds the methods that it needs; tests/browser/methods.test.mjs asks the server whether they exist.

import type { WorkflowView } from "./types_team";

/** Rows come in pages; cursor is null on the last. */
export interface Page<T> {
  items: T[];
  cursor: string | null;
}

export interface Person {
  team: string | null;
  person: string | null;
  operator: boolean;
  title: string | null;
  client: string | null; // null: of the team itself
  lead: boolean;
  language: "en" | "zh";
}

/** What is kept of whoever is signed in. */
export interface Own {
  person: string;
  title: string | null;
  client: string | null;
  lead: boolean;
  language: "en" | "zh" | null; // null: the team's
  mail: string | null;
  channel: string | null; // by which one they would rather be spoken to; null: any
  notices: Notices;
}

/** How they are told; null: as usual. */
export interface Notices extends Record<"asked" | "reminders" | "news" | "escalations", "mail" | "hourly" | "daily" | "console" | null> {
  daily_at: string;
}

/** What they were told. */
export interface Message {
  id: number;
  at: string;
  case: string | null;
  title: string | null; // of the case
  kind: string;
  text: string;
  read: boolean;
  sent: "mail" | "waiting" | "failed" | "inbox";
  goes: string | null; // when it is mailed with others
}

/** What can be done about something that waits. */
export type Can =
  | { method: "approval.vote"; approval: string; choices: string[] }
  | { method: "case.fire"; events: string[]; take?: "case.assign" }
  | { method: "task.done"; tasks: string[] }
  | { method: "case.retry" };

/** Working time or time of the clock, counted down. */
export interface Clock {
  due: string | null;
  left_seconds?: number | null;
  counts?: "working time" | "elapsed time" | null;
}

export interface InboxItem extends Clock {
  case: string;
  title: string;
  workflow: string;
  project: string | null;
  client: string | null;
  opener: string;
  kind: "owner" | "offer" | "approval" | "task" | "stuck";
  state: string;
  states: string[];
  state_titles: Record<string, string>;
  priority?: string;
  priority_title?: string;
  role: string | null;
  rev: number;
  since: string;
  overdue: boolean;
  clock: "running" | "paused" | "not started" | null;
  why: string | null;
  can: Can | null;
  digest?: string;
  on_behalf?: string;
}

export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };

export interface CaseFile {
  id: string;
  name: string;
  size: number;
  sha256: string;
  type?: string;
}

export interface Round {
  approval: string;
  number: number;
  title: string;
  asked?: boolean;
  choices: Record<string, string>;
  opened_at: string;
  digest: string;
  covers: string[];
  pending?: string[];
  ballots: { person: string; choice: string; at: string; on_behalf?: string; comment?: string }[];
  ended?: unknown;
}

export interface CaseTask {
  task: string;
  title: string;
  state: string;
  done?: boolean;
  optional?: boolean;
}

/** What came from another tool; of a case with its key there, of an entry of its former history with n. */
export interface Imported {
  source: string;
  key?: string;
  url?: string;
  n?: number;
  at?: string;
  by?: string;
  due?: string; // a date, or a time
  field?: string;
  from?: string;
  to?: string;
}

export interface Case {
  case: string;
  title: string; // of its workflow
  workflow: string;
  version: number;
  project: string | null;
  client: string | null;
  opener: string;
  rev: number;
  states: string[];
  state_titles: Record<string, string>;
  outcome: string | null;
  outcome_title: string | null;
  opened_at: string;
  closed_at: string | null;
  imported?: Imported;
  fields: Record<string, Value>;
  field_titles: Record<string, string>;
  value_titles: Record<string, Record<string, string>>;
  part_titles: Record<string, string>; // by path: "goals.measure"
  files: CaseFile[];
  tasks: CaseTask[];
  approvals: Round[];
  deadlines: (Clock & { id: string; name: string; title: string; state: string; paused: boolean })[];
}

/** An event or another thing that may be done, or the reason why not. */
export interface Allowed {
  event: string;
  title: string;
  allowed: boolean;
  reason?: string;
  needs?: string[];
  takes?: string[];
  note?: boolean;
  note_shared?: boolean;
}

export interface Also {
  do: string;
  allowed: boolean;
  title?: string;
  reason?: string;
  approval?: string;
  choices?: Record<string, string>;
  task?: string;
  state?: string;
  proof?: boolean; // of a task: it needs a file
}

/** What every method that writes to a case answers. */
export interface Written {
  case: string;
  rev: number;
  states: string[];
  outcome: string | null;
  entry: number;
}

export interface Field {
  name: string;
  type: string;
  title?: string | Record<"en" | "zh", string>;
  choices?: string[];
  titles?: Record<string, Record<"en" | "zh", string>>;
  required?: boolean;
  shared?: boolean;
  min?: number | string;
  max?: number | string; // of a text its characters, of a list its rows
  of?: Field; // what a list holds; its name says nothing
  fields?: Field[]; // of a record
}

export interface Methods {
  "session.whoami": { params: Record<string, never>; result: Person };
  "own.get": { params: Record<string, never>; result: Own };
  "inbox.list": { params: { case?: string; cursor?: string; limit?: number; names?: boolean }; result: Page<InboxItem> };
  "inbox.messages": { params: { newest?: boolean; unread?: boolean; cursor?: string; limit?: number }; result: Page<Message> };
  "inbox.count": {
    params: Record<string, never>;
    result: { count: number; overdue: number; kinds: Record<string, number>; more: boolean; unread: number };
  };
  "case.get": { params: { case: string; approval?: string; seen?: string; names?: boolean }; result: Case };
  "case.allowed": { params: { case: string; on_behalf?: string }; result: { case: string; events: Allowed[]; also: Also[] } };
  "workflow.get": { params: { workflow: string; version?: number; versions?: boolean }; result: WorkflowView };
  "clock.now": { params: Record<string, never>; result: { now: string } };
}

/** Those that write. send() adds the request_id, so that a repeated one is done once. */
export interface Writes {
  "approval.vote": {
    params: { case: string; approval: string; choice: string; digest: string; comment?: string; on_behalf?: string };
    result: Written;
  };
  "case.fire": {
    params: {
      case: string;
      event: string;
      data?: Record<string, Value>;
      comment?: string;
      shared?: boolean;
      expect?: number;
      on_behalf?: string;
    };
    result: Written;
  };
  "case.assign": { params: { case: string; to: string; state?: string; on_behalf?: string }; result: Written };
  "case.comment": { params: { case: string; text: string; shared?: boolean }; result: Written };
  "case.retry": { params: { case: string }; result: Written };
  "inbox.read": { params: { ids: number[] } | { all: true }; result: { ids: number[] } };
  "own.update": {
    params: { language?: "" | "en" | "zh"; channel?: string; asked?: string; reminders?: string; news?: string; escalations?: string; daily_at?: string };
    result: unknown;
  };
  "task.done": { params: { case: string; task: string; state?: string; file?: string; on_behalf?: string }; result: Written };
}
