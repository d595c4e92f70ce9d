// SPDX-License-Identifier: Apache-2.0
// Reading what the reports count: lists of cases, page after page, up to a bound that the page tells of.
import { useEffect, useState } from "preact/hooks";
import { call } from "../../lib/api";
import { isLead, who } from "../../lib/session";
import { titled } from "../../lib/titled";
import type { Field } from "../../lib/types";
import type { CaseFilter, CaseRow, ModelState } from "../../lib/types_team";

export const MOST = 3000; // cases of a list
const PAGE = 500;
const WAITING_MOST = 100; // counted for one person
const PEOPLE_MOST = 40;

export interface Rating {
  name: string;
  title: string;
  kind: "nps" | "csat";
  answers: number[];
}

export interface Read {
  now: string;
  from: string;
  opened: CaseRow[];
  ended: CaseRow[];
  open: CaseRow[];
  waiting: { name: string; n: number; more: boolean }[];
  ratings: Rating[];
  cut: boolean;
}

export interface Asked {
  workflow: string;
  project: string;
  weeks: number;
}

async function all(filter: CaseFilter): Promise<{ rows: CaseRow[]; cut: boolean }> {
  const rows: CaseRow[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: CaseRow[]; cursor: string | null } = await call("case.list", { ...filter, limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    rows.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null && rows.length < MOST);
  return { rows, cut: cursor !== null };
}

async function waiting(filter: CaseFilter): Promise<Read["waiting"]> {
  const me = who.value;
  const people = isLead()
    ? (await call("person.list", { limit: PEOPLE_MOST })).items.filter((one) => one.active).map((one) => ({ key: one.person, name: titled(one.title, one.person) }))
    : [{ key: me?.person ?? "", name: me?.title ?? "" }];
  const counts = await Promise.all(
    people.map(async ({ key, name }) => {
      const page = await call("case.list", { ...filter, open: true, waiting_for: key, limit: WAITING_MOST });
      return { name, n: page.items.length, more: page.cursor !== null };
    }),
  );
  return counts.filter((one) => one.n > 0).sort((a, b) => b.n - a.n);
}

/** By its bounds a number is an answer of a survey, 0 to 10 or 1 to 5, when the client gives it. */
function kindOf(field: Field): Rating["kind"] | null {
  if (field.type !== "number") return null;
  if (Number(field.min) === 0 && Number(field.max) === 10) return "nps";
  return Number(field.min) === 1 && Number(field.max) === 5 ? "csat" : null;
}

/** The fields that an event of the client's takes. */
function givenByClient(states: ModelState[]): string[] {
  return states.flatMap((state) => [
    ...(state.transitions ?? []).filter((one) => [one.by].flat().includes("client")).flatMap((one) => one.takes ?? []),
    ...givenByClient(state.states ?? []),
  ]);
}

async function ratings(filter: CaseFilter, workflows: string[], from: string): Promise<Rating[]> {
  const found: Rating[] = [];
  for (const workflow of workflows) {
    const flow = await call("workflow.get", { workflow });
    const given = givenByClient(flow.model.states);
    const fields = flow.model.fields.filter((field) => kindOf(field) !== null && given.includes(field.name));
    if (fields.length === 0) continue;
    const { rows } = await all({ ...filter, workflow, whole: true, opened_from: from });
    for (const field of fields)
      found.push({
        name: `${workflow}.${field.name}`,
        title: `${flow.title}: ${titled(field.title, field.name)}`,
        kind: kindOf(field) ?? "nps",
        answers: rows.map((row) => row.fields[field.name]).filter((value): value is number => typeof value === "number"),
      });
  }
  return found;
}

async function read(asked: Asked): Promise<Read> {
  const { now } = await call("clock.now", {});
  const from = new Date(Date.parse(now) - asked.weeks * 7 * 24 * 3600_000).toISOString();
  const base: CaseFilter = {
    ...(asked.workflow === "" ? {} : { workflow: asked.workflow }),
    ...(asked.project === "" ? {} : { project: asked.project }),
  };
  const flows = await call("workflow.list", {});
  const [opened, ended, open] = [await all({ ...base, opened_from: from }), await all({ ...base, closed_from: from, ended: true }), await all({ ...base, open: true })];
  const names = asked.workflow === "" ? flows.items.map((flow) => flow.name) : [asked.workflow];
  return {
    now,
    from,
    opened: opened.rows,
    ended: ended.rows,
    open: open.rows,
    waiting: await waiting(base),
    ratings: await ratings(asked.project === "" ? {} : { project: asked.project }, names, from),
    cut: opened.cut || ended.cut || open.cut,
  };
}

/** again: a number that changes when it is to be read anew. */
export function useReport(asked: Asked, again: unknown): { data: Read | null; error: Error | null } {
  const [state, setState] = useState<{ data: Read | null; error: Error | null }>({ data: null, error: null });
  useEffect(() => {
    let isWanted = true;
    read(asked).then(
      (data) => isWanted && setState({ data, error: null }),
      (error: Error) => isWanted && setState((old) => ({ ...old, error })),
    );
    return () => {
      isWanted = false;
    };
  }, [JSON.stringify(asked), again]);
  return state;
}
