// SPDX-License-Identifier: Apache-2.0
// The numbers of the reports, counted from lists of cases. Weeks begin on Monday, by the team's clock.
import type { CaseRow } from "../../lib/types_team";

export interface Week {
  start: string; // the Monday, as a date
  opened: number;
  ended: number;
  median: number | null; // days from opening to the end, of those that ended in it
}

const DAY_MS = 24 * 3600_000;

/** The Monday of the week in which a time lies: its date is the one that stands in it, whatever the browser's zone. */
export function mondayOf(time: string): string {
  const noon = Date.parse(`${time.slice(0, 10)}T12:00:00Z`);
  const weekday = (new Date(noon).getUTCDay() + 6) % 7;
  return new Date(noon - weekday * DAY_MS).toISOString().slice(0, 10);
}

export const daysOf = (row: CaseRow): number => (Date.parse(row.closed_at ?? row.opened_at) - Date.parse(row.opened_at)) / DAY_MS;

/** The smallest value that a share of all do not exceed (nearest rank). */
export function percentile(values: number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.slice().sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

export function weeksOf(opened: CaseRow[], ended: CaseRow[], from: string, weeks: number): Week[] {
  const first = Date.parse(`${mondayOf(from)}T12:00:00Z`);
  return Array.from({ length: weeks + 1 }, (_, i) => {
    const start = new Date(first + i * 7 * DAY_MS).toISOString().slice(0, 10);
    const its = ended.filter((row) => row.closed_at !== null && mondayOf(row.closed_at) === start);
    return {
      start,
      opened: opened.filter((row) => mondayOf(row.opened_at) === start).length,
      ended: its.length,
      median: percentile(its.map(daysOf), 0.5),
    };
  });
}

export function tally(keys: string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** Promoters less detractors, in percent. */
export function nps(answers: number[]): number {
  const share = (is: (n: number) => boolean) => answers.filter(is).length / answers.length;
  return Math.round(100 * (share((n) => n >= 9) - share((n) => n <= 6)));
}

export const csat = (answers: number[]): number => Math.round((100 * answers.filter((n) => n >= 4).length) / answers.length);

/** RFC 4180; a text that a spreadsheet would run as a formula is kept from it. */
export function csv(rows: (string | number | null)[][]): string {
  const cell = (value: string | number | null) => {
    if (value === null) return "";
    const text = typeof value === "number" ? String(value) : value.replace(/^[=+\-@\t\r]/, "'$&");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
