// SPDX-License-Identifier: Apache-2.0
// A project: open work, next dates, budget with changes, people, and whether it could be closed.
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

const OPEN_MOST = 100;
const SHOWN = 12;
const DATES = 6;

function Work({ project, rows, more, now }: { project: string; rows: CaseRow[]; more: boolean; now: number }) {
  return (
    <section class="card" aria-labelledby="project-work">
      <h2 id="project-work">
        {t("work")} <span class="quiet">{rows.length}{more && "+"}</span>
      </h2>
      {rows.length === 0 ? <p class="quiet">{t("work_none")}</p> : <CaseLines rows={rows.slice(0, SHOWN)} now={now} />}
      {rows.length > SHOWN && (
        <p>
          <a href={`${at("search")}?project=${encodeURIComponent(project)}`}>
            {more ? t("more_unknown") : t("more", { n: rows.length - SHOWN })}
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
  const open = useCall("case.list", { project: key, open: true, sort: "due", limit: OPEN_MOST }, { live: true });
  const clock = useCall("clock.now", {}, { live: true });
  useTitle(of.data ? titled(of.data.title, key) : key);
  if (of.data === null) return of.error ? <Failure error={of.error} again={of.reload} /> : <Skeleton lines={6} />;
  const now = clock.data ? Date.parse(clock.data.now) : Date.now();
  const rows = open.data?.items ?? [];
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
          {open.data && <Work project={key} rows={rows} more={open.data.cursor !== null} now={now} />}
          {flows.data && <Budget project={key} currency={of.data.currency} workflows={flows.data.items.map((flow) => flow.name)} />}
        </div>
        <div>
          <section class="card" aria-labelledby="project-dates">
            <h2 id="project-dates">{t("dates")}</h2>
            {dated.length === 0 ? <p class="quiet">{t("dates_none")}</p> : <CaseLines rows={dated} now={now} />}
          </section>
          {flows.data && open.data && (
            <Closeout project={key} open={rows} whole={open.data.cursor === null} flows={flows.data.items} />
          )}
          <People members={of.data.members} />
        </div>
      </div>
    </div>
  );
}
