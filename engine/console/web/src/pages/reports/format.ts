// SPDX-License-Identifier: Apache-2.0
// Figures of reports as people read them. Times come in milliseconds and are shown in hours: what a day of work is,
// each calendar says otherwise.
import { locale } from "../../lib/i18n";
import type { ReportValue, Unit } from "../../lib/types_team";
import { t } from "./texts";

const HOUR_MS = 3600_000;

export const isTime = (unit: Unit): boolean => unit === "working" || unit === "elapsed";
export const isWords = (unit: Unit): boolean => unit === "text" || unit === "day";

/** What a chart draws: hours of times, else the number. */
export function drawn(unit: Unit, value: ReportValue | undefined): number | null {
  if (value === null || value === undefined) return null;
  return isTime(unit) ? Number(value) / HOUR_MS : Number(value);
}

export function shown(unit: Unit, value: ReportValue | undefined): string {
  if (value === null || value === undefined) return "–";
  if (isWords(unit)) return String(value);
  if (isTime(unit)) return t("hours", { n: (Number(value) / HOUR_MS).toLocaleString(locale(), { maximumFractionDigits: 1 }) });
  // Money is exact: its digits are not put through a number.
  if (unit === "money") return String(value).replace(/\B(?=(\d{3})+(?!\d)(?=\.|$))/g, ",");
  const text = Number(value).toLocaleString(locale(), { maximumFractionDigits: 1 });
  return unit === "percent" ? `${text}%` : text;
}
