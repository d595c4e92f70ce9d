// SPDX-License-Identifier: Apache-2.0
// Times, spans and numbers as people read them. The server sends RFC 3339 with the team's offset; days and hours are
// shown by the team's clock, which is the one that deadlines count by, and not by the browser's.
import { locale, texts } from "./i18n";
import type { Clock } from "./types";

const t = texts({
  minutes: ["{n} min", "{n} 分钟"],
  hours: ["{n} h", "{n} 小时"],
  days: ["{n} {n|day|days}", "{n} 天"],
  both: ["{a} {b}", "{a} {b}"],
  working: ["working time", "工作时间"],
  elapsed: ["every hour", "自然时间"],
  dated: ["{day}, {clock}", "{day} {clock}"],
  bytes: ["{n} {n|byte|bytes}", "{n} 字节"],
});

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Minutes east of UTC of an RFC 3339 time. */
function offsetOf(time: string): number {
  const match = /([+-])(\d\d):(\d\d)$/.exec(time);
  return match ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
}

/** As the wall clock there shows it: its parts are those in UTC of a moved time. */
function wall(time: string): Date {
  return new Date(Date.parse(time) + offsetOf(time) * 60_000);
}

const format = (time: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale(), { ...options, timeZone: "UTC" }).format(wall(time));

/** Mon 5 Jan, 18:00 */
export function moment(time: string): string {
  return format(time, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });
}

/** 5 January 2026 */
export function day(time: string): string {
  return format(time, { day: "numeric", month: "long", year: "numeric" });
}

/** 5 January 2026, 18:00 */
export function dated(time: string): string {
  return t("dated", { day: day(time), clock: clock(time) });
}

/** 18:00 */
export function clock(time: string): string {
  return format(time, { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** A span of seconds in at most two units. Working time has no days of its own: it is told in hours. */
export function span(seconds: number, hasDays: boolean): string {
  const whole = Math.max(0, Math.round(Math.abs(seconds)));
  if (hasDays && whole >= 2 * DAY) return t("days", { n: Math.round(whole / DAY) });
  const hours = Math.floor(whole / HOUR);
  const minutes = Math.floor((whole % HOUR) / 60);
  if (hours === 0) return t("minutes", { n: minutes });
  if (minutes === 0 || hours >= 10) return t("hours", { n: hours });
  return t("both", { a: t("hours", { n: hours }), b: t("minutes", { n: minutes }) });
}

/** Which time is counted. */
export const counted = (counts: Clock["counts"]): string => t(counts === "elapsed time" ? "elapsed" : "working");

/** 1.4 MB */
export function size(bytes: number): string {
  if (bytes < 1000) return t("bytes", { n: bytes });
  const [unit, of] = bytes < 1e6 ? ["kilobyte", 1e3] : bytes < 1e9 ? ["megabyte", 1e6] : (["gigabyte", 1e9] as const);
  return new Intl.NumberFormat(locale(), { style: "unit", unit, maximumFractionDigits: 1 }).format(bytes / of);
}
