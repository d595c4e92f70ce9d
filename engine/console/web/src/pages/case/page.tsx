// SPDX-License-Identifier: Apache-2.0
// A case: what it is about, what may be done, who agrees, until when, and what has happened.
import { useRef, useState } from "preact/hooks";
import { clientName, projectName } from "../../lib/names";
import { at } from "../../lib/place";
import { useKeys } from "../../lib/keys";
import { moment } from "../../lib/time";
import { useTitle } from "../../lib/title";
import type { Case } from "../../lib/types";
import type { HistoryTitles, WorkflowModel } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { Chip } from "../../parts/chip";
import { importedWords } from "../../parts/imported";
import { Failure, Skeleton } from "../../parts/states";
import { Actions } from "./actions";
import { Approvals } from "./approvals";
import { Deadlines, WaitingFor } from "./deadlines";
import { Contents, Files, Links, Tasks } from "./facts";
import { History } from "./history";
import { Way } from "./way";
import { t } from "./texts";

const PAGE = 100;
const MOST = 500;
const PRIORITIES = ["high", "urgent"];

/** What a case is about: its first text that says something, in the order of the workflow. */
function aboutOf(of: Case, model: WorkflowModel | undefined): string {
  const field = model?.fields.find((one) => one.type === "text" && typeof of.fields[one.name] === "string");
  const said = field && of.fields[field.name];
  return typeof said === "string" ? said : of.title;
}

export type Name = (person: string) => string;

/** People by their titles, as far as the case's history names them. */
function namer(titles: HistoryTitles | undefined): Name {
  return (person) => titles?.people[person] ?? person;
}

function Head({ of, about, name }: { of: Case; about: string; name: Name }) {
  return (
    <header class="case-head">
      <p class="quiet">
        {t("of", { workflow: of.title, case: of.case })}
        {of.project !== null && (
          <>
            {" · "}
            <a href={at("project", of.project)}>{projectName(of.project)}</a>
          </>
        )}
        {of.client !== null && (
          <>
            {" · "}
            <a href={at("client", of.client)}>{t("for_client", { client: clientName(of.client) })}</a>
          </>
        )}
      </p>
      <h1>
        <bdi>{about}</bdi>
      </h1>
      <p class="chips">
        {of.outcome !== null ? (
          <Chip tone="good">{of.outcome_title ?? of.outcome}</Chip>
        ) : (
          of.states.map((state) => <Chip key={state} tone="here">{of.state_titles[state] ?? state}</Chip>)
        )}
        {PRIORITIES.includes(of.priority) && (
          <Chip tone="soon">{t("urgent", { priority: of.value_titles.priority?.[of.priority] ?? of.priority })}</Chip>
        )}
        {of.stuck && <Chip tone="late">{t("stuck", { why: of.stuck.message ?? "" })}</Chip>}
        <span class="quiet">
          {t("opened", { person: name(of.opener), time: moment(of.opened_at) })}
          {of.owner !== null && ` · ${t("owner", { person: name(of.owner) })}`}
          {of.imported && ` · ${importedWords(of.imported)}`}
          {of.closed_at !== null && ` · ${t("ended", { time: moment(of.closed_at) })}`}
        </span>
      </p>
    </header>
  );
}

export default function CasePage({ params }: { params: { key: string } }) {
  const key = params.key;
  const live = { live: key };
  const of = useCall("case.get", { case: key, names: true }, live);
  const may = useCall("case.allowed", { case: key }, live);
  const why = useCall("case.explain", { case: key }, live);
  const flow = useCall("workflow.get", of.data ? { workflow: of.data.workflow } : null);
  const [limit, setLimit] = useState(PAGE);
  const said = useCall("case.history", { case: key, limit }, live);
  const comment = useRef<HTMLTextAreaElement>(null);
  const about = of.data ? aboutOf(of.data, flow.data?.model) : key;
  useTitle(of.data ? `${key} ${about}` : key);
  useKeys([{ key: "c", does: t("key_comment"), run: () => comment.current?.focus() }]);

  if (of.data === null) return of.error ? <Failure error={of.error} again={of.reload} /> : <Skeleton lines={8} />;
  const name = namer(said.data?.titles);
  return (
    <article class="case">
      <Head of={of.data} about={about} name={name} />
      <div class="case-main">
        {may.data && <Actions of={of.data} about={about} may={may.data} fields={flow.data?.model.fields ?? []} name={name} />}
        <Approvals of={of.data} explained={why.data?.approvals ?? []} name={name} />
        <Contents of={of.data} fields={flow.data?.model.fields ?? []} />
        <History of={of.data} list={said} box={comment} more={() => setLimit(MOST)} />
        {flow.data && said.data && <Way of={of.data} model={flow.data.model} entries={said.data.items} />}
      </div>
      <aside class="case-aside">
        <WaitingFor of={of.data} name={name} />
        {why.data && <Deadlines deadlines={why.data.deadlines} />}
        <Tasks of={of.data} name={name} />
        <Files of={of.data} />
        <Links of={of.data} />
      </aside>
    </article>
  );
}
