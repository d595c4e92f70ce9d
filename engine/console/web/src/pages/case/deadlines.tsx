// SPDX-License-Identifier: Apache-2.0
// Deadlines as lines of time: what of it counts, what does not, where we are; and for whom the case waits.
import { counted, moment, span } from "../../lib/time";
import type { Case } from "../../lib/types";
import type { ExplainedDeadline, Stretch, Waiting } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { TimeLeft } from "../../parts/chip";
import type { Name } from "./page";
import { t } from "./texts";

const MOST_DRAWN = 400; // of stretches; of more, neighbours are a hair wide

/** Where a time stands on the line, in percent. */
function scale(deadline: ExplainedDeadline, now: number): (time: string | number) => number {
  const stretches = deadline.stretches;
  const begin = Date.parse(deadline.from);
  const last = stretches[stretches.length - 1];
  const end = Math.max(deadline.due ? Date.parse(deadline.due) : now, last ? Date.parse(last.to) : now, now);
  return (time) => {
    const ms = typeof time === "number" ? time : Date.parse(time);
    return Math.min(100, Math.max(0, (100 * (ms - begin)) / Math.max(1, end - begin)));
  };
}

function Line({ deadline, now }: { deadline: ExplainedDeadline; now: number }) {
  const at = scale(deadline, now);
  return (
    <div class="line" aria-hidden="true">
      {deadline.stretches.slice(0, MOST_DRAWN).map((stretch) => (
        <span
          key={stretch.from}
          class={stretch.counted ? "counted" : "not"}
          style={{ left: `${at(stretch.from)}%`, width: `${at(stretch.to) - at(stretch.from)}%` }}
          title={`${moment(stretch.from)} – ${moment(stretch.to)}: ${stretch.why}`}
        />
      ))}
      <span class="gone" style={{ width: `${at(now)}%` }} />
      {deadline.next !== undefined && <span class="mark next" style={{ left: `${at(deadline.next)}%` }} title={deadline.next_rung} />}
      <span class="mark now" style={{ left: `${at(now)}%` }} />
    </div>
  );
}

function Stretches({ stretches }: { stretches: Stretch[] }) {
  return (
    <details>
      <summary>{t("stretches")}</summary>
      <div class="scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("stretch_from")}</th>
              <th scope="col">{t("stretch_to")}</th>
              <th scope="col">{t("stretch_counts")}</th>
              <th scope="col">{t("stretch_why")}</th>
            </tr>
          </thead>
          <tbody>
            {stretches.map((one) => (
              <tr key={one.from} class={one.counted ? "" : "quiet"}>
                <td>{moment(one.from)}</td>
                <td>{moment(one.to)}</td>
                <td>{t(one.counted ? "yes" : "no")}</td>
                <td>{one.why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Deadline({ deadline, now }: { deadline: ExplainedDeadline; now: number }) {
  const counts = counted(deadline.counts);
  const total = span(deadline.total_seconds, deadline.counts === "elapsed time");
  return (
    <div class="deadline">
      <h3>
        {deadline.title} <TimeLeft item={{ ...deadline }} />
      </h3>
      <Line deadline={deadline} now={now} />
      <p class="ends">
        <span>
          {t("from")} {moment(deadline.from)}
        </span>
        {deadline.due !== null && (
          <span>
            {t("due")} {moment(deadline.due)}
          </span>
        )}
      </p>
      <p class="quiet legend">
        <span class="swatch counted" /> {t("counted")} <span class="swatch not" /> {t("uncounted")} <span class="swatch now" /> {t("now")}
      </p>
      <p class="quiet">
        {deadline.calendar !== null && deadline.counts !== "elapsed time"
          ? t("total", { total, counts, calendar: deadline.calendar })
          : t("total_plain", { total, counts })}
        {(deadline.paused_seconds ?? 0) > 0 && ` · ${t("paused_for", { time: span(deadline.paused_seconds ?? 0, false) })}`}
        {deadline.next !== undefined && ` · ${t("next", { rung: deadline.next_rung ?? "", time: moment(deadline.next) })}`}
      </p>
      <Stretches stretches={deadline.stretches} />
    </div>
  );
}

export function Deadlines({ deadlines }: { deadlines: ExplainedDeadline[] }) {
  const clock = useCall("clock.now", {}, { live: true });
  if (deadlines.length === 0 || clock.data === null) return null;
  const now = Date.parse(clock.data.now);
  return (
    <section class="card deadlines" aria-labelledby="case-deadlines">
      <h2 id="case-deadlines">{t("deadlines")}</h2>
      {deadlines.map((deadline) => (
        <Deadline key={deadline.state + deadline.name} deadline={deadline} now={now} />
      ))}
    </section>
  );
}

/** Who is waited for in the same state stands together, since the first of them. */
function byState(waiting: Waiting[]): [string, Waiting[]][] {
  const states = new Map<string, Waiting[]>();
  for (const item of waiting) states.set(item.state, [...(states.get(item.state) ?? []), item]);
  return [...states];
}

export function WaitingFor({ of, name }: { of: Case; name: Name }) {
  if (of.waiting.length === 0 || of.outcome !== null) return null;
  const one = (item: Waiting) => (item.person !== undefined ? name(item.person) : (item.role ?? ""));
  const first = (items: Waiting[]) => items.map((item) => item.since).sort()[0] ?? "";
  return (
    <section class="card waiting" aria-labelledby="case-waiting">
      <h2 id="case-waiting">{t("waiting")}</h2>
      {byState(of.waiting).map(([state, items]) => (
        <div key={state}>
          <p class="quiet">{t("waits", { state: of.state_titles[state] ?? state, time: moment(first(items)) })}</p>
          <ul class="faces">
            {items.map((item) => (
              <li key={one(item)}>{one(item)}</li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
