// SPDX-License-Identifier: Apache-2.0
// A project at a glance, and who has how much to do.
import type { CaseRow, Project } from "./types_team";

export type Colour = "red" | "yellow" | "green";

export interface Health {
  colour: Colour;
  reasons: { colour: Colour; figure: string; text: string }[];
  own_limits: boolean;
}

export type MilestoneStatus = "planned" | "slipped" | "late" | "confirming" | "reached" | "dropped" | "passed";

export interface Milestone {
  case: string | null; // null: a day of the charter that no case tracks
  title: string;
  planned: string;
  agreed: string | null;
  moved_days: number;
  status: MilestoneStatus;
  closed_at?: string | null;
}

export interface Baseline {
  number: number;
  signed_on: string;
  budget: string | null;
  change: string | null;
}

export interface Charter {
  case: string;
  title: string;
  states: string[];
  state_titles: Record<string, string>;
  baselines: Baseline[];
}

export interface ChangeSum {
  amount: string;
  changes: number;
}

export interface Money {
  currency: string | null;
  charter: string | null;
  agreed: ChangeSum;
  asked: ChangeSum;
  total: string | null;
  granted: string | null;
  spent: string | null;
  used: string | null;
}

export interface Ending {
  case: string | null;
  outcome: string | null;
  outcome_title?: string | null;
  ready: boolean | null;
  items: { kind: string; name: string; done: boolean | null; text: string }[];
}

export interface Work {
  workflow: string;
  title: string;
  open: number;
  overdue: number | null;
  states: { state: string; title: string; open: number }[];
}

export interface Overview {
  project: string;
  title: string;
  client: string | null;
  client_title: string | null;
  state: "open" | "closed";
  made_at: string;
  currency: string | null;
  work: { open: number; overdue: number | null; workflows: Work[] };
  next: CaseRow[] | null;
  charter: Charter | null;
  milestones: Milestone[];
  budget: Money;
  closeout: Ending | null;
  health: Health | null;
  members: { person: string; title: string; role: string; share: number | null }[] | null;
}

export interface Period {
  person: string;
  title: string;
  from: string;
  until: string;
  now: boolean;
  in_part: boolean;
}

export interface Load {
  person: string;
  title: string;
  projects: { project: string; title: string; roles: string[]; share: number | null }[];
  share: number | null;
  over: boolean;
  owns: number;
  waits: number;
  late: number;
  offered: number;
  away: Period[];
  stands_in: Period[];
}

declare module "./types" {
  interface Methods {
    "project.overview": { params: { project: string }; result: Overview };
    "project.list": { params: { client?: string; limit?: number; cursor?: string; health?: boolean }; result: Page<Project & { health?: Health | null }> };
    "person.load": { params: { limit?: number; cursor?: string }; result: Page<Load> };
  }
}
