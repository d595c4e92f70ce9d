// SPDX-License-Identifier: Apache-2.0
// Small labels. Their colour says nothing that their words do not.
import type { ComponentChildren } from "preact";
import { texts } from "../lib/i18n";
import { counted, day, moment, span } from "../lib/time";
import type { InboxItem } from "../lib/types";

export type Tone = "calm" | "soon" | "late" | "good" | "here" | "plain";

export function Chip({ tone = "plain", title, children }: { tone?: Tone; title?: string; children: ComponentChildren }) {
  return (
    <span class={`chip ${tone}`} title={title}>
      {children}
    </span>
  );
}

const t = texts({
  late: ["overdue by {time}", "已超时 {time}"],
  left: ["{time} left", "剩余 {time}"],
  paused: ["clock paused", "计时暂停"],
  waits: ["clock not started", "尚未计时"],
  none: ["no deadline", "无时限"],
  due: ["due {day}", "{day} 截止"],
  until: ["until {time}, counted in {counts}", "截止 {time}，按{counts}计"],
});

const SOON_SECONDS = 4 * 3600;
// From a working week on nobody counts working hours: the day says more.
const LONG_SECONDS = 40 * 3600;

/** How much time is left that counts, in words. */
export function TimeLeft({ item }: { item: Pick<InboxItem, "clock" | "left_seconds" | "due" | "counts"> }) {
  const left = item.left_seconds;
  const title = item.due === null ? undefined : t("until", { time: moment(item.due), counts: counted(item.counts) });
  if (item.clock === "paused") return <Chip>{t("paused")}</Chip>;
  if (item.clock === "not started") return <Chip>{t("waits")}</Chip>;
  if (item.clock === null || left === null || left === undefined) return <Chip>{t("none")}</Chip>;
  const time = span(left, item.counts === "elapsed time");
  if (left < 0) return <Chip tone="late" {...(title ? { title } : {})}>{t("late", { time })}</Chip>;
  const isLong = left >= LONG_SECONDS && item.counts !== "elapsed time" && item.due !== null;
  return (
    <Chip tone={left < SOON_SECONDS ? "soon" : "calm"} {...(title ? { title } : {})}>
      {isLong ? t("due", { day: day(item.due ?? "") }) : t("left", { time })}
    </Chip>
  );
}
