// SPDX-License-Identifier: Apache-2.0
// The portal's first page: what waits for the client's person, and how their projects are getting on.
import { useEffect, useState } from "preact/hooks";
import { askEach } from "../../lib/api";
import { movesCounts, movesInbox } from "../../lib/live";
import { who } from "../../lib/session";
import { day } from "../../lib/time";
import { useTitle } from "../../lib/title";
import type { Allowed, InboxItem } from "../../lib/types";
import type { OwnProject } from "../../lib/types_portal";
import type { CaseRow, CountRow } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { Chip, TimeLeft } from "../../parts/chip";
import { Empty, Failure, Skeleton } from "../../parts/states";
import { t } from "./texts";

const FIRST = 20; // of what waits, and of the newest open cases; the rest is asked for
const MOST = 500;
const LOOKED_AT = 20; // newest open cases that are asked about, in one request

function Waiting({ items }: { items: InboxItem[] }) {
  if (items.length === 0) return <p class="portal-calm">{t("nothing")}</p>;
  return (
    <ul class="portal-cards stack">
      {items.map((item) => (
        <li key={item.case + item.state + (item.on_behalf ?? "")}>
          <a class="portal-card asks" href={`/portal/case/${encodeURIComponent(item.case)}`}>
            <span class="quiet">
              {item.kind === "approval" ? t("approval") : t("other")} · {item.case} · {item.states.map((name) => item.state_titles[name] ?? name).join(" · ")}
            </span>
            <strong>
              <bdi>{item.title}</bdi>
            </strong>
            <span class="spread">
              <TimeLeft item={item} />
              <span class="portal-go">{t("answer")} →</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function More({ show }: { show: () => void }) {
  return (
    <button type="button" class="secondary outline small" onClick={show}>
      {t("show_more")}
    </button>
  );
}

/** What the person is asked to fill in, such as a survey, although the case itself waits for somebody else: the titles
 * of the events, by case. */
function useAsked(cases: CaseRow[]): Map<string, string[]> {
  const [asked, setAsked] = useState(new Map<string, string[]>());
  const looked = cases.filter((one) => one.closed_at === null).slice(0, LOOKED_AT);
  useEffect(() => {
    let wanted = true;
    const answers = askEach<{ events: Allowed[] }>("case.allowed", looked.map((one) => ({ case: one.case })));
    // A case that cannot be asked about asks for nothing; its row says the rest.
    void Promise.all(answers.map((answer) => answer.catch(() => ({ events: [] as Allowed[] })))).then(
      (found) => wanted && setAsked(new Map(looked.map((one, i) => [one.case, asksOf(one, found[i]!.events)]))),
    );
    return () => {
      wanted = false;
    };
  }, [JSON.stringify(looked.map((one) => [one.case, one.rev]))]);
  return asked;
}

const asksOf = (of: CaseRow, events: Allowed[]): string[] =>
  events.filter((event) => event.allowed && (event.needs ?? []).some((name) => of.fields[name] === undefined)).map((event) => event.title);

function Row({ item, asks }: { item: CaseRow; asks: string[] }) {
  const state = item.states.map((name) => item.state_titles[name] ?? name).join(" · ");
  return (
    <li>
      <a class="portal-row" href={`/portal/case/${encodeURIComponent(item.case)}`}>
        <span class="portal-name">
          <bdi>{item.title ?? item.case}</bdi>
          <span class="quiet">
            {item.case} · {day(item.closed_at ?? item.opened_at)}
            {item.opener === who.value?.person && ` · ${t("yours")}`}
          </span>
          {asks.length > 0 && <span class="portal-too">{t("asked", { what: asks.join(" · ") })}</span>}
        </span>
        <Chip tone={item.closed_at === null ? "plain" : "good"}>{item.outcome_title ?? state}</Chip>
      </a>
    </li>
  );
}

function Progress({ done, all }: { done: number; all: number }) {
  if (all === 0) return <p class="quiet">{t("empty")}</p>;
  return (
    <div class="portal-progress">
      <progress value={done} max={all} aria-label={t("progress", { done, all })} />
      <p class="quiet">
        {t("open", { n: all - done })} · {t("done", { n: done })}
      </p>
    </div>
  );
}

interface Cases {
  project: string;
  asked: Map<string, string[]>;
}

/** Open cases: the newest, as far as the page has them already, and all when they are asked for. */
function Open({ project, asked, newest, count }: Cases & { newest: CaseRow[]; count: number }) {
  const [wanted, setWanted] = useState(newest.length === 0 ? FIRST : 0);
  const list = useCall("case.list", wanted === 0 ? null : { project, open: true, sort: "opened", descending: true, whole: true, limit: wanted }, { live: true });
  const items = list.data?.items ?? newest;
  return (
    <>
      <ul class="portal-list">
        {items.map((item) => (
          <Row key={item.case} item={item} asks={asked.get(item.case) ?? []} />
        ))}
      </ul>
      {items.length < Math.min(count, MOST) && <More show={() => setWanted(Math.min(MOST, Math.max(FIRST, items.length * 3)))} />}
    </>
  );
}

/** What is over is read when somebody looks. */
function Finished({ project, count }: { project: string; count: number }) {
  const [limit, setLimit] = useState(FIRST);
  const list = useCall("case.list", { project, ended: true, sort: "opened", descending: true, limit }, { live: movesCounts });
  if (list.data === null) return list.error ? <Failure error={list.error} again={list.reload} /> : <Skeleton />;
  return (
    <>
      <ul class="portal-list">
        {list.data.items.map((item) => (
          <Row key={item.case} item={item} asks={[]} />
        ))}
      </ul>
      {list.data.items.length < Math.min(count, MOST) && <More show={() => setLimit(Math.min(MOST, limit * 3))} />}
    </>
  );
}

function Project({ project, newest, counts, asked }: { project: OwnProject; newest: CaseRow[]; counts: CountRow[]; asked: Map<string, string[]> }) {
  const its = counts.filter((one) => one.project === project.project);
  const open = its.find((one) => one.outcome === null)?.count ?? 0;
  const done = its.filter((one) => one.outcome !== null).reduce((sum, one) => sum + one.count, 0);
  const [looks, setLooks] = useState(false);
  const isOpen = looks || open === 0;
  return (
    <section class="portal-project" aria-labelledby={`project-${project.project}`}>
      <h2 id={`project-${project.project}`}>
        <bdi>{project.title}</bdi>
      </h2>
      <Progress done={done} all={open + done} />
      {open > 0 && <Open project={project.project} asked={asked} newest={newest} count={open} />}
      {done > 0 && (
        <details open={isOpen} onToggle={(event) => setLooks(event.currentTarget.open)}>
          <summary>{t("finished", { n: done })}</summary>
          {isOpen && <Finished project={project.project} count={done} />}
        </details>
      )}
    </section>
  );
}

export default function Home() {
  const projects = useCall("project.mine", {}, { live: true });
  const cases = useCall("case.list", { open: true, limit: FIRST, sort: "opened", descending: true, whole: true }, { live: true });
  const counts = useCall("case.count", { by: ["project", "outcome"] }, { live: movesCounts });
  const [most, setMost] = useState(FIRST);
  const inbox = useCall("inbox.list", { limit: most }, { live: movesInbox });
  const asked = useAsked(cases.data?.items ?? []);
  useTitle(t("title"));
  const error = projects.error ?? cases.error ?? counts.error ?? inbox.error;
  if (projects.data === null || cases.data === null || counts.data === null || inbox.data === null)
    return error ? <Failure error={error} again={() => (projects.reload(), cases.reload(), counts.reload(), inbox.reload())} /> : <Skeleton lines={6} />;
  const [newest, all] = [cases.data.items, counts.data.items];
  if (projects.data.items.length === 0)
    return (
      <Empty title={t("none")}>
        <p>{t("none_more")}</p>
      </Empty>
    );
  return (
    <div class="portal">
      <section aria-labelledby="waits">
        <h1 id="waits">{t("waits")}</h1>
        <Waiting items={inbox.data.items} />
        {inbox.data.cursor !== null && most < MOST && <More show={() => setMost(Math.min(MOST, most * 3))} />}
      </section>
      <a class="portal-raise" href="/portal/new">
        <strong>{t("raise")}</strong>
        <span>{t("raise_help")}</span>
      </a>
      {projects.data.items.map((project) => (
        <Project key={project.project} project={project} newest={newest.filter((item) => item.project === project.project)} counts={all} asked={asked} />
      ))}
    </div>
  );
}
