// SPDX-License-Identifier: Apache-2.0
// A project: open work, next dates, budget with changes, people, and whether it could be closed.
import { movesCounts } from "../../lib/live";
import { at } from "../../lib/place";
import { useTitle } from "../../lib/title";
import { titled } from "../../lib/titled";
import type { CaseRow, Member } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { CaseLines } from "../../parts/cases";
import { Chip } from "../../parts/chip";
import { Failure, Skeleton } from "../../parts/states";
import { Budget } from "./budget";
import { Closeout } from "./closeout";
import { t } from "./texts";

const SHOWN = 12;
const DATES = 6;

function Work({ project, rows, count, now }: { project: string; rows: CaseRow[]; count: number; now: number }) {
  return (
    <section class="card" aria-labelledby="project-work">
      <h2 id="project-work">
        {t("work")} <span class="quiet">{t("n", { n: count })}</span>
      </h2>
      {rows.length === 0 ? <p class="quiet">{t("work_none")}</p> : <CaseLines rows={rows} now={now} />}
      {count > rows.length && (
        <p>
          <a href={`${at("search")}?project=${encodeURIComponent(project)}`}>
            {t("more", { n: count - rows.length })}
          </a>
        </p>
      )}
    </section>
  );
}

function People({ members }: { members: Member[] }) {
  const people = [...new Set(members.map((member) => member.person))].map((person) => members.filter((member) => member.person === person));
  return (
    <section class="card" aria-labelledby="project-people">
      <h2 id="project-people">{t("people")}</h2>
      {people.length === 0 && <p class="quiet">{t("people_none")}</p>}
      <ul class="plain">
        {people.map((roles) => (
          <li key={roles[0]?.person} class="member">
            <b>{roles[0]?.title ?? roles[0]?.person}</b>
            {roles.map((member) => (
              <Chip key={member.role} tone={member.role === "client" ? "here" : "plain"}>
                {member.role}
                {member.share !== null && ` ${t("share", { share: member.share })}`}
              </Chip>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

export default function ProjectPage({ params }: { params: { key: string } }) {
  const key = params.key;
  const of = useCall("project.get", { project: key }, { live: true });
  const flows = useCall("workflow.list", {});
  const open = useCall("case.list", { project: key, open: true, sort: "due", limit: SHOWN }, { live: true });
  const counts = useCall("case.count", { project: key, open: true, by: "workflow" }, { live: movesCounts });
  const clock = useCall("clock.now", {}, { live: true });
  useTitle(of.data ? titled(of.data.title, key) : key);
  if (of.data === null) return of.error ? <Failure error={of.error} again={of.reload} /> : <Skeleton lines={6} />;
  const now = clock.data ? Date.parse(clock.data.now) : Date.now();
  const rows = open.data?.items ?? [];
  const count = Math.max(counts.data?.count ?? 0, rows.length); // of two answers, which come one after the other
  const dated = rows.filter((row) => row.due_at !== null).slice(0, DATES);
  return (
    <div class="page project">
      <header>
        <p class="quiet">
          {t("project", { project: key })} ·{" "}
          {of.data.client === null ? t("own") : <a href={at("client", of.data.client)}>{t("for_client", { client: of.data.client })}</a>}
        </p>
        <h1>{titled(of.data.title, key)}</h1>
        <p class="chips">
          <Chip tone={of.data.state === "open" ? "here" : "plain"}>{t(of.data.state === "open" ? "open_state" : "closed_state")}</Chip>
        </p>
      </header>
      <div class="cards">
        <div>
          {open.data && <Work project={key} rows={rows} count={count} now={now} />}
          {flows.data && <Budget project={key} currency={of.data.currency} workflows={flows.data.items.map((flow) => flow.name)} />}
        </div>
        <div>
          <section class="card" aria-labelledby="project-dates">
            <h2 id="project-dates">{t("dates")}</h2>
            {dated.length === 0 ? <p class="quiet">{t("dates_none")}</p> : <CaseLines rows={dated} now={now} />}
          </section>
          {flows.data && counts.data && <Closeout project={key} open={counts.data.items} flows={flows.data.items} />}
          <People members={of.data.members} />
        </div>
      </div>
    </div>
  );
}
