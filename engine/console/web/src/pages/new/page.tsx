// SPDX-License-Identifier: Apache-2.0
// A case is opened: of the workflows that the person may open in a project, the one that fits, and its form.
// In the portal the same is said in the words of a client.
import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { askEach, call, Refused, send } from "../../lib/api";
import { learn } from "../../lib/names";
import { at, isPortal } from "../../lib/place";
import { useTitle } from "../../lib/title";
import { titled } from "../../lib/titled";
import type { Field, Value } from "../../lib/types";
import type { OwnProject, Workflow } from "../../lib/types_portal";
import { useCall } from "../../lib/use";
import { choiceTitles, FieldInput } from "../../parts/field";
import { Wrong } from "../../parts/form_dialog";
import { Empty, Failure, Skeleton, words } from "../../parts/states";
import { say } from "../../parts/toast";
import { client, t, team } from "./texts";

const s = isPortal ? client : team;

/** A workflow that the person may open in that project, and the fields that may be given then. */
interface Kind {
  workflow: Workflow;
  takes: string[];
}

/** The server is asked what would come of it: nothing else knows who may open what. */
function useKinds(project: string | undefined, workflows: Workflow[] | undefined): Kind[] | null {
  const [kinds, setKinds] = useState<Kind[] | null>(null);
  useEffect(() => {
    if (project === undefined || workflows === undefined) return undefined;
    let wanted = true;
    const would = workflows.map((workflow) => ({ workflow: workflow.name, project, dry_run: true }));
    const tries = askEach<{ takes?: string[] }>("case.open", would).map((answer, i) =>
      answer.then(
        (would) => ({ workflow: workflows[i]!, takes: would.takes ?? [] }),
        // What must be given is no reason against it: the form asks for it.
        (why) => (why instanceof Refused && why.code === "needs_fields" ? { workflow: workflows[i]!, takes: (why.data.takes ?? []) as string[] } : null),
      ),
    );
    void Promise.all(tries).then((found) => wanted && setKinds(found.filter((one) => one !== null)));
    return () => {
      wanted = false;
    };
  }, [project, workflows?.map((one) => one.name).join()]);
  return kinds;
}

function Form({ kind, project, back }: { kind: Kind; project: string; back: () => void }) {
  const { route } = useLocation();
  const flow = useCall("workflow.get", { workflow: kind.workflow.name });
  // Whom a field may name; a client's person is told of nobody.
  const within = useCall("project.get", isPortal ? null : { project });
  useEffect(() => {
    const members = within.data?.members ?? [];
    learn({ names: { people: Object.fromEntries(members.map((one) => [one.person, one.title ?? one.person])) } });
  }, [within.data]);
  const [fields, setFields] = useState<Record<string, Value>>({});
  const [failed, setFailed] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFailed(null);
    try {
      const made = await send("case.open", { workflow: kind.workflow.name, project, fields });
      // A draft of one's own still waits for its opener to hand it in.
      // It is opened by now: that this cannot be asked is no reason to open it again.
      const mine = await call("inbox.list", { limit: 200 }).catch(() => ({ items: [] }));
      say(s(mine.items.some((item) => item.case === made.case) ? "saved" : "sent", { case: made.case }));
      route(at("case", made.case));
    } catch (error) {
      setFailed(words(error as Error));
      setBusy(false);
    }
  };
  if (flow.data === null) return flow.error ? <Failure error={flow.error} again={flow.reload} /> : <Skeleton />;
  const asked = flow.data.model.fields.filter((field) => kind.takes.includes(field.name));
  const input = (field: Field) => (
    <FieldInput
      key={field.name}
      field={field}
      title={titled(field.title, field.name)}
      titles={choiceTitles(field)}
      required={field.required === true}
      value={fields[field.name]}
      set={(value) => {
        const { [field.name]: _, ...rest } = fields;
        setFields(value === undefined ? rest : { ...rest, [field.name]: value });
      }}
    />
  );
  const first = asked.filter((field) => field.required === true);
  const rest = asked.filter((field) => field.required !== true);
  return (
    <form class="portal-form" onSubmit={(event) => void submit(event)}>
      <h2>{kind.workflow.title}</h2>
      {(first.length > 0 ? first : rest).map(input)}
      {first.length > 0 && rest.length > 0 && (
        <details>
          <summary>{t("more")}</summary>
          {rest.map(input)}
        </details>
      )}
      <Wrong text={failed} />
      <footer>
        <button type="button" class="secondary outline" onClick={back}>
          {s("other")}
        </button>
        <button type="submit" disabled={busy} aria-busy={busy}>
          {s("send")}
        </button>
      </footer>
    </form>
  );
}

function Choose({ projects, project, setProject, kinds, choose }: {
  projects: OwnProject[];
  project: string;
  setProject: (to: string) => void;
  kinds: Kind[] | null;
  choose: (kind: Kind) => void;
}) {
  return (
    <>
      {projects.length > 1 && (
        <label>
          {t("project")}
          <select value={project} onChange={(event) => setProject(event.currentTarget.value)}>
            {projects.map((one) => (
              <option key={one.project} value={one.project}>
                {one.title}
              </option>
            ))}
          </select>
        </label>
      )}
      {kinds === null ? (
        <Skeleton />
      ) : kinds.length === 0 ? (
        <Empty title={s("nothing")} />
      ) : (
        <>
          <h2>{s("which")}</h2>
          <div class="portal-kinds">
            {kinds.map((kind) => (
              <button key={kind.workflow.name} type="button" class="secondary outline" onClick={() => choose(kind)}>
                {kind.workflow.title}
              </button>
            ))}
          </div>
        </>
      )}
    </>
  );
}

export default function New() {
  const projects = useCall("project.mine", {});
  const flows = useCall("workflow.list", {});
  const [chosen, setChosen] = useState<string | null>(null);
  const [kind, setKind] = useState<Kind | null>(null);
  const project = chosen ?? projects.data?.items[0]?.project;
  const kinds = useKinds(project, flows.data?.items);
  useTitle(s("title"));
  const error = projects.error ?? flows.error;
  if (projects.data === null || flows.data === null) return error ? <Failure error={error} /> : <Skeleton />;
  return (
    <div class="portal">
      <p>
        <a href={at("")}>← {s("back")}</a>
      </p>
      <h1>{s("title")}</h1>
      {project === undefined ? (
        <Empty title={s("nothing")} />
      ) : kind === null ? (
        <Choose projects={projects.data.items} project={project} setProject={setChosen} kinds={kinds} choose={setKind} />
      ) : (
        <Form kind={kind} project={project} back={() => setKind(null)} />
      )}
    </div>
  );
}
