// SPDX-License-Identifier: Apache-2.0
// The file of a client: projects, contacts, promises, satisfaction, what is open, what has been.
import { at } from "../../lib/place";
import { useTitle } from "../../lib/title";
import { titled } from "../../lib/titled";
import type { Client, Contact, First, Project } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { CaseLines } from "../../parts/cases";
import { channel } from "../../parts/channel";
import { Chip } from "../../parts/chip";
import { Failure, Skeleton } from "../../parts/states";
import { show } from "../../parts/values";
import { Participation, Promises, Satisfaction } from "./counted";
import { Record } from "./record";
import { t } from "./texts";

const SHOWN = 20;

function Kept({ client }: { client: Client }) {
  const kept = Object.entries(client.attributes ?? {});
  if (kept.length === 0 && client.calendar === null) return null;
  return (
    <section class="card" aria-labelledby="client-kept">
      <h2 id="client-kept">{t("kept")}</h2>
      <dl class="values">
        {client.calendar !== null && (
          <div>
            <dt>{t("calendar")}</dt>
            <dd>{client.calendar}</dd>
          </div>
        )}
        {kept.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{show(value)}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What the first of a list leave out. */
function Rest({ of }: { of: First<unknown> }) {
  return of.n > of.items.length ? <p class="quiet">{t("first", { shown: of.items.length, n: of.n })}</p> : null;
}

function Projects({ of }: { of: First<Project> }) {
  return (
    <section class="card" aria-labelledby="client-projects">
      <h2 id="client-projects">{t("projects")}</h2>
      {of.n === 0 && <p class="quiet">{t("no_projects")}</p>}
      <ul class="plain">
        {of.items.map((one) => (
          <li key={one.project}>
            <a href={at("project", one.project)}>{titled(one.title, one.project)}</a> <span class="quiet">{one.project}</span>{" "}
            {one.state === "closed" && <Chip>{t("closed")}</Chip>}
          </li>
        ))}
      </ul>
      <Rest of={of} />
    </section>
  );
}

function Contacts({ of }: { of: First<Contact> }) {
  return (
    <section class="card" aria-labelledby="client-contacts">
      <h2 id="client-contacts">{t("contacts")}</h2>
      {of.n === 0 && <p class="quiet">{t("no_contacts")}</p>}
      <ul class="plain">
        {of.items.map((person) => (
          <li key={person.person}>
            <b>
              <bdi>{titled(person.title, person.person)}</bdi>
            </b>{" "}
            {!person.active && <Chip>{t("inactive")}</Chip>}
            <br />
            <span class="quiet">{[person.person, person.mail, person.channel && t("prefers", { channel: channel(person.channel) })].filter(Boolean).join(" · ")}</span>
          </li>
        ))}
      </ul>
      <Rest of={of} />
    </section>
  );
}

export default function ClientPage({ params }: { params: { key: string } }) {
  const key = params.key;
  const live = { live: true };
  const of = useCall("client.file", { client: key, counts: false }, live);
  const counted = useCall("client.file", { client: key }, { live: true, behind: true }); // takes long where there are many cases
  const open = useCall("case.list", { client: key, open: true, sort: "due", names: true, limit: SHOWN }, live);
  const past = useCall("case.list", { client: key, ended: true, sort: "updated", descending: true, names: true, limit: SHOWN }, live);
  const clock = useCall("clock.now", {}, live);
  useTitle(of.data ? titled(of.data.title, key) : key);
  if (of.data === null) return of.error ? <Failure error={of.error} again={of.reload} /> : <Skeleton lines={6} />;
  const now = clock.data ? Date.parse(clock.data.now) : Date.now();
  const more = (list: typeof open, filter: string) =>
    list.data?.cursor && <a href={`${at("search")}?client=${encodeURIComponent(key)}&${filter}`}>{t("more")}</a>;
  return (
    <div class="page client">
      <header>
        <p class="quiet">{t("file", { client: key })}</p>
        <h1>
          <bdi>{titled(of.data.title, key)}</bdi>
        </h1>
        {!of.data.active && (
          <p class="chips">
            <Chip>{t("left")}</Chip>
          </p>
        )}
      </header>
      <div class="cards">
        <div>
          <section class="card" aria-labelledby="client-open">
            <h2 id="client-open">{t("open")}</h2>
            {open.data?.items.length === 0 && <p class="quiet">{t("no_open")}</p>}
            <CaseLines rows={open.data?.items ?? []} now={now} />
            {more(open, "show=open")}
          </section>
          <Promises of={of.data} />
          <Record client={key} contacts={of.data.contacts.items} heard={of.data.heard} />
          <section class="card" aria-labelledby="client-past">
            <h2 id="client-past">{t("past")}</h2>
            {past.data?.items.length === 0 && <p class="quiet">{t("no_past")}</p>}
            <CaseLines rows={past.data?.items ?? []} now={now} />
            {more(past, "show=ended")}
          </section>
        </div>
        <div>
          <Projects of={of.data.projects} />
          <Contacts of={of.data.contacts} />
          {counted.data === null && counted.error !== null ? (
            <Failure error={counted.error} again={counted.reload} />
          ) : (
            <>
              <Satisfaction of={counted.data} />
              <Participation of={counted.data} />
            </>
          )}
          <Kept client={of.data} />
        </div>
      </div>
    </div>
  );
}
