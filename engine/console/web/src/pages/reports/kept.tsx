// SPDX-License-Identifier: Apache-2.0
// Deadlines kept and missed: a deadline that was over before it was due was kept. Counted from the histories of the
// cases that ended last, and only when somebody asks: it is more to read than the rest of the page.
import { useState } from "preact/hooks";
import { call } from "../../lib/api";
import type { CaseRow, HistoryEntry, HistoryTitles } from "../../lib/types_team";
import { words } from "../../parts/states";
import { say } from "../../parts/toast";
import { Bars } from "./chart";
import { t } from "./texts";

const CASES_MOST = 200;
const ENTRIES_MOST = 500;
const AT_ONCE = 8; // histories asked for side by side

interface Judged {
  title: string;
  kept: number;
  missed: number;
}

type Clocks = NonNullable<HistoryEntry["deadlines"]>;

/** Of one case: each deadline by the due time that it had last, and when it was over. */
export function judge(entries: HistoryEntry[], titles: HistoryTitles, into: Map<string, Judged>): void {
  const armed = new Map<string, Clocks[number]>();
  for (const entry of entries.slice().reverse())
    for (const clock of entry.deadlines ?? []) {
      const its = armed.get(clock.id);
      if (!clock.gone) {
        armed.set(clock.id, { ...its, ...clock });
        continue;
      }
      armed.delete(clock.id);
      if (its?.due === undefined || its.due === null || its.name === undefined) continue;
      const title = titles.deadlines[its.name] ?? titles.states[its.name]?.title ?? its.name;
      const judged = into.get(title) ?? { title, kept: 0, missed: 0 };
      if (Date.parse(entry.at) <= Date.parse(its.due)) judged.kept++;
      else judged.missed++;
      into.set(title, judged);
    }
}

async function judgeAll(rows: CaseRow[]): Promise<Judged[]> {
  const into = new Map<string, Judged>();
  for (let i = 0; i < rows.length; i += AT_ONCE)
    await Promise.all(
      rows.slice(i, i + AT_ONCE).map(async (row) => {
        const told = await call("case.history", { case: row.case, limit: ENTRIES_MOST });
        judge(told.items, told.titles, into);
      }),
    );
  return [...into.values()].sort((a, b) => b.missed - a.missed || b.kept - a.kept);
}

export function Kept({ ended }: { ended: CaseRow[] }) {
  const [judged, setJudged] = useState<Judged[] | null>(null);
  const [busy, setBusy] = useState(false);
  const rows = ended.slice().sort((a, b) => Date.parse(b.closed_at ?? "") - Date.parse(a.closed_at ?? "")).slice(0, CASES_MOST);
  const count = async () => {
    setBusy(true);
    try {
      setJudged(await judgeAll(rows));
    } catch (error) {
      say(words(error as Error), "bad");
    }
    setBusy(false);
  };
  return (
    <section class="card" aria-labelledby="report-kept">
      <h2 id="report-kept">{t("kept_title")}</h2>
      <p class="quiet">{t("kept_of", { n: rows.length })}</p>
      {judged?.length === 0 && <p>{t("kept_none")}</p>}
      {judged !== null && judged.length > 0 && (
        <Bars
          head={[t("kept_title"), t("cases")]}
          rows={judged.flatMap((one) => [
            { name: t("kept", { deadline: one.title }), n: one.kept, tone: "good" },
            { name: t("missed", { deadline: one.title }), n: one.missed, tone: "late" },
          ])}
        />
      )}
      <button type="button" class="secondary outline" aria-busy={busy} disabled={busy || rows.length === 0} onClick={() => void count()}>
        {t("kept_count")}
      </button>
    </section>
  );
}
