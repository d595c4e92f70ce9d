// SPDX-License-Identifier: Apache-2.0
// An entry of a case's history as minutes tell it: who, what, where the case went, and what stands below.
import { texts } from "../../lib/i18n";
import type { Value } from "../../lib/types";
import type { HistoryEntry, HistoryTitles } from "../../lib/types_team";
import { importedWords } from "../../parts/imported";
import { show } from "../../parts/values";

const t = texts({
  system: ["The system", "系统"],
  nobody: ["nobody", "无人"],
  open: ["opened the case", "发起了事项"],
  edit: ["changed fields", "修改了字段"],
  comment: ["wrote", "发表了评论"],
  assign: ["handed the case over", "转交了事项"],
  attach: ["added a file", "添加了文件"],
  link: ["changed links", "修改了关联"],
  vote: ["answered “{choice}”", "表决“{choice}”"],
  withdraw: ["withdrew the answer", "撤回了表决"],
  task: ["worked on a task", "处理了任务"],
  effect: ["carried out what was asked for", "执行了要求的动作"],
  correct: ["corrected the case", "更正了事项"],
  retry: ["tried again", "重试"],
  redact: ["removed content", "移除了内容"],
  hold: ["put a hold on the case", "冻结了该事项，内容不得清除"],
  release: ["ended the hold", "解除了冻结"],
  removed: ["What it said has been removed", "其内容已被移除"],
  send: ["a timer fired", "定时器触发"],
  schedule: ["started what is on the schedule", "按计划启动"],
  sweep: ["looked at the case anew", "重新核查了事项"],
  migrate: ["brought the case to another version", "将事项迁移到另一版本"],
  fire: ["{event}", "{event}"],
  rung_percent: ["{percent}% of the time for “{clock}” has passed", "“{clock}”已用去 {percent}% 的时间"],
  rung_up: ["the time for “{clock}” is up", "“{clock}”时间已到"],
  rung_late: ["“{clock}” is late: {step}", "“{clock}”已超时：{step}"],
  time_over: ["the time in “{state}” is over", "“{state}”的时间已到"],
  ended: ["the case ended: {outcome}", "事项结束：{outcome}"],
  field: ["{field}: {value}", "{field}：{value}"],
  field_from: ["{field}: {before} → {value}", "{field}：{before} → {value}"],
  emptied: ["emptied", "已清空"],
  file: ["File “{name}”", "文件“{name}”"],
  file_gone: ["File “{name}” removed", "已移除文件“{name}”"],
  linked: ["Linked with {case}", "关联 {case}"],
  unlinked: ["No longer linked with {case}", "不再关联 {case}"],
  task_done: ["Task done: {task}", "任务完成：{task}"],
  task_undone: ["Task not done after all: {task}", "任务改为未完成：{task}"],
  begins: ["“{approval}”, round {n}, begins; asked: {people}", "“{approval}”第 {n} 轮开始，征求：{people}"],
  decided: ["“{approval}”, round {n}: {outcome}", "“{approval}”第 {n} 轮：{outcome}"],
  by: ["by {people}", "由 {people} 决定"],
  again: ["The content has changed: who had answered is asked anew ({people})", "内容已变更：重新征求已答复者（{people}）"],
  reminded: ["Reminded {people}", "已提醒 {people}"],
  offered: ["Offered to {people}", "待 {people} 领取"],
  told: ["Told {people}", "已通知 {people}"],
  opened_other: ["Opened a case of “{workflow}”", "发起了“{workflow}”事项"],
  had: ["Had “{event}” happen to {case}", "使 {case} 发生“{event}”"],
  owner: ["Now in the hands of {person}", "现由 {person} 处理"],
  priority: ["Priority: {priority}", "优先级：{priority}"],
  failed: ["Failed: {why}", "失败：{why}"],
});

export interface Told {
  who: string;
  behalf: string | null;
  what: string;
  to: string[]; // states that were reached, by their titles
  end: string | null;
  said: string | null;
  lines: string[];
  internal: boolean; // nothing of it goes to the client
  isSystem: boolean;
}

const SYSTEM = "system";

class Teller {
  constructor(
    readonly titles: HistoryTitles,
    readonly before: Record<string, Value>, // fields before the entry, as far as they are known
  ) {}

  person(key: string): string {
    return key === SYSTEM ? t("system") : (this.titles.people[key] ?? key);
  }

  people(keys: string[] | string | undefined): string {
    const list = keys === undefined ? [] : typeof keys === "string" ? [keys] : keys;
    return list.length === 0 ? t("nobody") : list.map((key) => this.person(key)).join(", ");
  }

  state(name: string): string {
    return this.titles.states[name]?.title ?? name;
  }

  clock(name: string): string {
    return this.titles.deadlines[name] ?? this.state(name);
  }

  private rung(rung: NonNullable<HistoryEntry["rung"]>): string {
    const clock = this.clock(rung.deadline);
    const step = rung.rung ?? "";
    if (step.endsWith("%")) return t("rung_percent", { percent: step.slice(0, -1), clock });
    return step === "" || step === "late 0" ? t("rung_up", { clock }) : t("rung_late", { clock, step });
  }

  what(entry: HistoryEntry): string {
    const mine = ballotOf(entry);
    if (entry.imported) return importedWords(entry.imported);
    if (entry.kind === "deadline")
      return entry.rung ? this.rung(entry.rung) : t("time_over", { state: this.state(entry.left?.[0] ?? "") });
    if (entry.kind === "fire") return t("fire", { event: this.titles.events[entry.event ?? ""] ?? entry.event ?? "" });
    if (entry.kind === "vote") return t("vote", { choice: this.titles.choices[mine?.choice ?? ""] ?? mine?.choice ?? "" });
    return isKind(entry.kind) ? t(entry.kind) : entry.kind;
  }

  private fields(entry: HistoryEntry): string[] {
    return Object.entries(entry.fields ?? {}).map(([name, value]) => {
      const field = this.titles.fields[name] ?? name;
      const words = value === null ? t("emptied") : show(value, this.titles, name);
      const before = this.before[name];
      return before === undefined || before === null
        ? t("field", { field, value: words })
        : t("field_from", { field, value: words, before: show(before, this.titles, name) });
    });
  }

  private rounds(entry: HistoryEntry): string[] {
    return (entry.round ?? []).flatMap((round) => {
      const approval = this.state(round.approval);
      const lines: string[] = [];
      if (round.ended) {
        const outcome = this.titles.outcomes[round.ended.outcome] ?? round.ended.outcome;
        const by = (entry.decided ?? []).filter((ballot) => ballot.approval === round.approval).map((ballot) => ballot.person);
        lines.push(t("decided", { approval, n: round.number, outcome }) + (by.length > 0 ? ` (${t("by", { people: this.people(by) })})` : ""));
      } else if (round.eligible && round.eligible.length > 0) {
        lines.push(t("begins", { approval, n: round.number, people: this.people(round.eligible) }));
      }
      return lines;
    });
  }

  private effects(entry: HistoryEntry): string[] {
    return (entry.effects ?? []).map((effect) => {
      const people = this.people(effect.channel ?? effect.to);
      if (effect.kind === "remind") return t("reminded", { people });
      if (effect.kind === "offered") return t("offered", { people });
      if (effect.workflow !== undefined) return t("opened_other", { workflow: effect.workflow });
      if (effect.kind === "fire") return t("had", { event: effect.event ?? "", case: effect.case ?? "" });
      return t("told", { people });
    });
  }

  private small(entry: HistoryEntry): string[] {
    const tasks = Object.entries(entry.tasks ?? {}).filter(([, task]) => task?.by !== undefined);
    const stale = (entry.ballots ?? []).filter((ballot) => ballot.standing === false);
    const owners = ["assign", "deadline", "sweep"].includes(entry.kind) ? Object.values(entry.owners ?? {}) : [];
    return [
      ...(entry.removed ? [t("removed")] : []),
      ...(entry.files ?? []).map((file) => t(file.gone ? "file_gone" : "file", { name: file.name ?? "" })),
      ...(entry.links ?? []).map((link) => t(link.gone ? "unlinked" : "linked", { case: link.case })),
      ...tasks.map(([name, task]) => t(task?.done ? "task_done" : "task_undone", { task: this.titles.tasks[name] ?? name })),
      ...owners.filter((one) => typeof one === "string").map((one) => t("owner", { person: this.person(one as string) })),
      ...(stale.length > 0 ? [t("again", { people: this.people(stale.map((ballot) => ballot.person)) })] : []),
      ...(entry.priority ? [t("priority", { priority: this.titles.values.priority?.[entry.priority] ?? entry.priority })] : []),
      ...(entry.failed ? [t("failed", { why: entry.failed.message })] : []),
    ];
  }

  tell(entry: HistoryEntry): Told {
    const mine = ballotOf(entry);
    const comment = typeof entry.comment === "object" ? entry.comment.text : entry.comment;
    const giver = entry.on_behalf ?? mine?.on_behalf ?? null;
    return {
      who: this.person(entry.actor),
      behalf: giver === null ? null : this.person(giver),
      what: this.what(entry),
      to: (entry.entered?.length ?? 0) > 0 ? (entry.states ?? []).map((name) => this.state(name)) : [],
      end: entry.outcome ? t("ended", { outcome: this.titles.outcomes[entry.outcome] ?? entry.outcome }) : null,
      said: mine?.comment ?? comment ?? null,
      lines: [...this.fields(entry), ...this.small(entry), ...this.rounds(entry), ...this.effects(entry)],
      internal: entry.hidden?.includes("") === true,
      isSystem: entry.actor === SYSTEM,
    };
  }
}

const KINDS = ["open", "edit", "comment", "assign", "attach", "link", "withdraw", "task", "effect", "correct", "retry", "redact", "hold", "release", "send",
  "schedule", "sweep", "migrate"] as const;
const isKind = (kind: string): kind is (typeof KINDS)[number] => (KINDS as readonly string[]).includes(kind);

const ballotOf = (entry: HistoryEntry) =>
  entry.kind === "vote" ? entry.ballots?.find((ballot) => ballot.person === entry.actor) : undefined;

/** Newest first, as they come; what fields were before is known where the history reaches back to the beginning. */
export function tellAll(entries: HistoryEntry[], titles: HistoryTitles): { entry: HistoryEntry; told: Told }[] {
  const fields: Record<string, Value> = {};
  const whole = entries[entries.length - 1]?.kind === "open";
  return entries
    .slice()
    .reverse()
    .map((entry) => {
      const told = new Teller(titles, whole ? { ...fields } : {}).tell(entry);
      Object.assign(fields, entry.fields);
      return { entry, told };
    })
    .reverse();
}

