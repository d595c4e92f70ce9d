// SPDX-License-Identifier: Apache-2.0
// What only the team's pages call: rows beside those of types.ts.
import type { Case, CaseFile, Clock, Field, Imported, Round, Value } from "./types";

/** A title in both languages, in one, or none. */
export type Title = string | { en?: string; zh?: string } | null;

export interface Stretch {
  from: string;
  to: string;
  counted: boolean;
  kind: string;
  why: string;
}

export interface ExplainedDeadline extends Clock {
  name: string;
  title: string;
  state: string;
  kind: string;
  calendar: string | null;
  from: string;
  total_seconds: number;
  clock: "running" | "paused" | "not started";
  paused_seconds?: number;
  next_rung?: string;
  next?: string;
  stretches: Stretch[];
}

/** One rule of an approval: of how many, who has answered what. */
export interface ExplainedRule {
  rule: string;
  says: string;
  n?: number;
  people?: Record<string, string>;
  rules?: ExplainedRule[];
}

export interface Waiting extends Clock {
  kind: string;
  person?: string;
  role?: string;
  state: string;
  since: string;
  waited_seconds?: number;
}

export interface Ballot {
  person: string;
  choice: string;
  at: string;
  digest: string;
  standing?: boolean; // false: given to content that has changed since
  on_behalf?: string;
  comment?: string;
  channel?: string;
}

export type RoundTold = Round & {
  leads?: Record<string, string[]>;
  changed?: string[];
  silence?: { outcome: string; outcome_title?: string; at: string }[];
  due?: string;
  not_needed?: string[];
};

/** An entry of a case's history, as the team's own people see it. */
export interface HistoryEntry {
  seq: number;
  case_seq: number;
  kind: string;
  actor: string;
  on_behalf: string | null;
  at: string;
  event?: string;
  method?: string;
  comment?: string | { text: string };
  states?: string[];
  entered?: string[];
  left?: string[];
  outcome?: string;
  fields?: Record<string, Value>;
  files?: (CaseFile & { gone?: boolean })[];
  links?: { case: string; kind?: string; gone?: boolean }[];
  tasks?: Record<string, { by?: string; done?: boolean; file_name?: string } | null>;
  ballots?: (Ballot & { approval: string })[];
  decided?: (Ballot & { approval: string })[];
  round?: {
    approval: string;
    number: number;
    eligible?: string[];
    not_needed?: string[];
    ended?: { outcome: string; manner?: string };
    earlier?: Record<string, number>;
  }[];
  effects?: { kind: string; to?: string[] | string; channel?: string; workflow?: string; case?: string; event?: string }[];
  rung?: { deadline: string; rung?: string };
  deadlines?: { id: string; name?: string; due?: string | null; gone?: boolean }[];
  priority?: string;
  owners?: Record<string, string | { offer: unknown }>;
  failed?: { message: string };
  hidden?: string[];
  removed?: string[];
  imported?: Imported;
}

export interface HistoryTitles {
  workflow: string;
  states: Record<string, { title: string; in?: string }>;
  events: Record<string, string>;
  fields: Record<string, string>;
  deadlines: Record<string, string>;
  tasks: Record<string, string>;
  values: Record<string, Record<string, string>>;
  parts: Record<string, string>;
  outcomes: Record<string, string>;
  choices: Record<string, string>;
  people: Record<string, string>;
}

/** A state of a workflow's model, with those inside of it. */
export interface ModelState {
  name: string;
  kind: "state" | "parallel" | "final" | string;
  title?: Title;
  start?: string[];
  states?: ModelState[];
  owner?: string | string[];
  approval?: unknown;
  deadlines?: { name: string; duration: string }[];
  waiting_for?: string;
  outcome?: string;
  transitions?: ModelTransition[];
}

export interface ModelTransition {
  kind: "event" | "approval" | "after" | "done" | string;
  on?: string[];
  outcome?: string;
  after?: string;
  to?: string[];
  title?: Title;
  by?: string | string[];
  takes?: string[];
  when?: unknown;
}

export interface WorkflowModel {
  fields: Field[];
  states: ModelState[];
  start: string[];
  roles: string[];
  outcomes?: Record<string, Title>;
  open?: { by?: string | string[] };
}

/** A workflow in force; its model goes to the team's own people. */
export interface WorkflowView {
  name: string;
  key: string;
  title: string;
  version: number;
  digest: string;
  client: string;
  group: string | null;
  deadlines: Record<string, string>;
  model: WorkflowModel;
  versions?: { version: number; digest: string; since: string }[]; // that cases were opened with, the latest first
}

export interface Project {
  project: string;
  title: Title;
  client: string | null;
  calendar: string | null;
  currency: string | null;
  attributes: Record<string, Value> | null;
  state: "open" | "closed";
  since: string | null;
}

export interface Client {
  client: string;
  title: Title;
  calendar: string | null;
  attributes: Record<string, Value> | null;
  active: boolean;
  since: string | null;
}

/** What passed with a client: noted by somebody, or told by the engine. */
export interface Communication {
  how: "noted" | "told";
  at: string;
  case: string | null;
  person?: string;
  title?: string | null;
  text?: string | null;
  sent?: "mail" | "portal" | "waiting" | "failed";
  opener?: string;
  outcome?: string | null;
  fields?: Record<string, Value>;
}

export interface Noted {
  client: string;
  summary: string;
  kind?: string;
  contacts?: string[];
  notes?: string;
  promise?: string;
  promised_for?: string;
}

/** The first of a list, and how many there are. */
export interface First<T> {
  items: T[];
  n: number;
}

export interface Promised {
  case: string;
  promise: string;
  promised_for: string | null;
  holder: string | null;
  project: string | null;
  late: boolean;
}

/** What was answered in a quarter: means and shares are decimals as text. */
export interface Quarter {
  key: string;
  csat_answers: number;
  csat_mean: string | null;
  csat_top: string | null;
  nps_answers: number;
  nps: string | null;
  ces_answers: number;
  ces_easy: string | null;
}

/** All that the team knows of a client. */
export interface ClientFile extends Client {
  contacts: First<Contact>;
  projects: First<Project>;
  promises: First<Promised> & { more: boolean };
  heard: Record<string, string>; // by which way the client last heard from the team, and when
  satisfaction: (Omit<Quarter, "key"> & { quarters: Quarter[]; each: First<{ case: string; on: string; question: string; score: number; project: string | null }> }) | null;
  participation: { asked: number; answers: number; unanswered: number; still_asked: number; answer_median: number | null; answer_p85: number | null } | null;
  defined: { name: string; title: string; text: string }[];
  notes: { of: string; message: string }[];
}

/** A person's row; what only leads see may be missing. */
export interface Contact {
  person: string;
  title: Title;
  language?: "en" | "zh" | null;
  mail?: string | null;
  channel: string | null;
  active: boolean;
}

export interface Member {
  person: string;
  title: string | null;
  role: string;
  share: number | null;
}

export interface Mistake {
  severity: string;
  message: string;
  file?: string;
  line?: number;
  hint?: string;
}

export interface Rehearsal {
  mistakes: Mistake[];
  workflows: {
    workflow: string;
    version: number;
    cases: number;
    unchanged: number;
    changed: number;
    stuck: number;
    ballots: { kept: number; void: number };
    groups: { kind: string; about?: string; title?: string; reason?: string; what?: string; count: number; cases: unknown[] }[];
  }[];
}

export interface Migration {
  sweep: number;
  workflow: string;
  version?: number;
  by?: string;
  started: string | null;
  ended: string | null;
  moved: number;
  n_left: number;
}

export type Unit = "count" | "working" | "elapsed" | "percent" | "points" | "number" | "money" | "text" | "day";

export interface ReportColumn {
  name: string;
  title: string;
  unit: Unit;
}

export type ReportValue = number | string | null;

export interface ReportTable {
  name: string;
  title: string;
  key: string;
  columns: ReportColumn[];
  rows: ({ key: string; title: string } & Record<string, ReportValue>)[];
  chart?: { kind: "columns" | "bars" | "stack"; of: string[] };
  more?: number;
}

export interface ReportSection {
  name: string;
  title: string;
  text: string;
  figures: (ReportColumn & { value: ReportValue })[];
  tables: ReportTable[];
  note?: string;
}

export interface Report {
  report: string;
  title: string;
  text: string;
  from: string;
  last_day: string;
  cases: number;
  skipped: string[];
  says: string[]; // sentences, of a document
  sections: ReportSection[];
  defined: (ReportColumn & { text: string })[];
}

export interface ReportAsked {
  report: string;
  from?: string;
  to?: string;
  project?: string;
  client?: string;
  workflow?: string;
  format?: "json" | "csv" | "html";
  language?: string;
}

export interface CaseRow {
  case: string;
  title: string | null;
  workflow: string;
  project: string | null;
  client: string | null;
  opener: string;
  owner: string | null;
  states: string[];
  state_titles: Record<string, string>;
  outcome: string | null;
  outcome_title: string | null;
  priority: string;
  priority_title?: string;
  stuck: boolean;
  rev: number;
  version: number;
  fields: Record<string, Value>;
  opened_at: string;
  updated_at: string;
  closed_at: string | null;
  due_at: string | null;
}

export interface CaseFilter {
  workflow?: string | string[];
  version?: number;
  state?: string;
  project?: string;
  client?: string;
  owner?: string;
  waiting_for?: string;
  open?: boolean;
  ended?: boolean;
  overdue?: boolean;
  text?: string;
  opened_from?: string;
  closed_from?: string;
  outcome?: string;
  sort?: string;
  descending?: boolean;
  whole?: boolean;
  names?: boolean;
  cursor?: string;
  limit?: number;
}

export interface Counted {
  count: number;
  sum?: string;
  summed?: number;
}

/** What was counted by, and how many; null: it has none, and of an outcome that the case is open. */
export interface CountRow extends Counted {
  state?: string;
  workflow?: string;
  version?: number;
  project?: string | null;
  outcome?: string | null;
}

type CountFilter = Omit<CaseFilter, "sort" | "descending" | "whole" | "cursor" | "limit">;

/** Null: nobody has said how much it may be. */
export interface ServerHealth {
  status: "ok" | "degraded";
  alarms: { alarm: string; text: string }[];
  keeping: { disk_free: number | null; log_bytes: number | null; queue: number; certificate_ends: number | null; backup_age: number | null };
  engine: { teams: { old: number; none: number } };
}

declare module "./types" {
  interface Case {
    owner: string | null;
    owners: Record<string, string | { offer: unknown }>;
    visits: Record<string, number>;
    waiting: Waiting[];
    links: { case: string; kind?: string }[];
    linked_from: { case: string; kind?: string }[];
    linked_more: boolean;
    stuck: { message?: string } | null;
    priority: string;
  }
  interface CaseFile {
    shared?: boolean;
    by?: string;
  }
  interface CaseTask {
    by?: string;
  }
  interface Also {
    fields?: string[];
    on_behalf?: string;
  }
  interface Methods {
    "case.explain": {
      params: { case: string };
      result: { deadlines: ExplainedDeadline[]; approvals: { approval: string; number: number; rule?: ExplainedRule }[] };
    };
    "case.history": {
      params: { case: string; cursor?: string; limit?: number };
      result: Page<HistoryEntry> & { titles: HistoryTitles };
    };
    "case.count": {
      params: CountFilter & { by?: string | string[]; sum?: string };
      result: Counted & { items: CountRow[]; more: boolean };
    };
    "case.list": { params: CaseFilter; result: Page<CaseRow> };
    "report.list": { params: Record<string, never>; result: { items: { name: string; title: string; text: string; about?: "project" | "client" }[] } };
    "report.get": { params: ReportAsked; result: Report | { report: string; name: string; type: string; text: string } };
    "workflow.list": { params: Record<string, never>; result: Page<Omit<WorkflowView, "deadlines" | "model">> };
    "workflow.reload": { params: Record<string, never>; result: { workflows: number } };
    "workflow.check": { params: Record<string, never>; result: { taken: boolean; rules: string; workflows: number; mistakes: Mistake[] } };
    "workflow.rehearse": { params: { workflow: string }; result: Rehearsal };
    "workflow.migrations": { params: Record<string, never>; result: Page<Migration> };
    "project.get": { params: { project: string }; result: Project & { members: Member[] } };
    "server.health": { params: object; result: ServerHealth };
    "communication.list": { params: { client: string; names?: boolean; limit?: number; cursor?: string }; result: Page<Communication> };
    "client.file": { params: { client: string; counts?: false }; result: ClientFile };
    "client.get": { params: { client: string }; result: Client };
    "client.list": { params: { limit?: number; cursor?: string }; result: Page<Client> };
    "person.list": { params: { client?: string; limit?: number; cursor?: string }; result: Page<Contact> };
  }
  interface Writes {
    "communication.add": { params: Noted; result: Written };
    "workflow.migrate": { params: { workflow: string; reason?: string }; result: { cases: number } };
    "case.edit": { params: { case: string; fields: Record<string, Value>; expect?: number }; result: Written };
    "case.attach": {
      params: { case: string; file: string; comment?: string; shared?: boolean; field?: string };
      result: Written;
    };
  }
}

export type { Case };
