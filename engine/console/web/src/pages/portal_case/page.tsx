// SPDX-License-Identifier: Apache-2.0
// One case, as the client's people see it: where it stands, what is asked of the reader, what has been decided, what
// has happened, and a place to ask.
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { send } from "../../lib/api";
import { who } from "../../lib/session";
import { day } from "../../lib/time";
import { useTitle } from "../../lib/title";
import type { Case, InboxItem } from "../../lib/types";
import { useCall } from "../../lib/use";
import { Asked } from "../../parts/answer/asked";
import { Confirm } from "../../parts/answer/confirm";
import type { Act } from "../../parts/answer/decide";
import { Chip } from "../../parts/chip";
import { Wrong } from "../../parts/form_dialog";
import { importedWords } from "../../parts/imported";
import { Failure, Skeleton, words } from "../../parts/states";
import { say } from "../../parts/toast";
import { Values } from "../../parts/values";
import { Decisions } from "./decisions";
import { Files } from "./files";
import { History } from "./history";
import { t } from "./texts";

/** What it is about: the first field that says something in words, as lists have it. */
function about(of: Case): string {
  const name = Object.keys(of.field_titles).find((one) => typeof of.fields[one] === "string" && of.value_titles[one] === undefined);
  return name === undefined ? of.title : String(of.fields[name]);
}

/** As an item of the inbox: what may be done without being asked. */
function itself(of: Case): InboxItem {
  return {
    case: of.case, title: about(of), workflow: of.workflow, project: of.project, client: of.client, opener: of.opener,
    kind: "owner", state: of.states[0] ?? "", states: of.states, state_titles: of.state_titles, role: null, rev: of.rev,
    since: of.opened_at, overdue: false, clock: null, why: null, can: null, due: null,
  };
}

function Head({ of }: { of: Case }) {
  const states = of.states.map((name) => of.state_titles[name] ?? name).join(" · ");
  return (
    <header class="portal-head">
      <p class="quiet">
        <span class="key">{of.case}</span> · {of.title} · {t("opened", { day: day(of.opened_at) })}
        {of.imported && ` · ${importedWords(of.imported)}`}
      </p>
      <h1>
        <bdi>{about(of)}</bdi>
      </h1>
      <p>
        <Chip tone={of.closed_at === null ? "plain" : "good"}>{of.outcome_title ?? states}</Chip>
      </p>
    </header>
  );
}

/** Events that are open to the person although nobody waits for them, such as taking it back. */
function May({ of, again }: { of: Case; again: () => void }) {
  const [act, setAct] = useState<Act | null>(null);
  const list = useCall("case.allowed", { case: of.case }, { live: of.case });
  if (list.data === null) return list.error ? <Failure error={list.error} again={list.reload} /> : null;
  const may = list.data.events.filter((event) => event.allowed);
  if (may.length === 0) return null;
  return (
    <section aria-labelledby="can">
      <h2 id="can">{t("can")}</h2>
      <div class="acts">
        {may.map((event) => (
          <button key={event.event} type="button" class="secondary outline"
            onClick={() => setAct({ do: "fire", name: event.event, title: event.title, event })}>
            {event.title}
          </button>
        ))}
      </div>
      {act && <Confirm act={act} item={itself(of)} of={of} close={() => setAct(null)} again={again} />}
    </section>
  );
}

function Ask({ of }: { of: Case }) {
  const [text, setText] = useState("");
  const [failed, setFailed] = useState<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      await send("case.comment", { case: of.case, text });
      setText("");
      setFailed(null);
      say(t("sent"));
    } catch (error) {
      setFailed(words(error as Error));
    }
  };
  return (
    <section aria-labelledby="ask">
      <h2 id="ask">{t("ask")}</h2>
      <form class="portal-ask" onSubmit={(event) => void submit(event)}>
        <label>
          {t("your_words")}
          <textarea rows={3} value={text} required onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <Wrong text={failed} />
        <p class="quiet">{t("ask_help")}</p>
        <button type="submit" class="secondary">
          {t("send")}
        </button>
      </form>
    </section>
  );
}

export default function PortalCase({ params }: { params: { key: string } }) {
  const { route } = useLocation();
  const of = useCall("case.get", { case: params.key, names: true }, { live: params.key });
  const inbox = useCall("inbox.list", { case: params.key }, { live: (entry) => entry.case === null || entry.case === params.key });
  useTitle(of.data === null ? params.key : `${params.key} ${about(of.data)}`);
  const again = () => (of.reload(), inbox.reload());
  const error = of.error ?? inbox.error;
  if (of.data === null || inbox.data === null)
    return error ? <Failure error={error} again={again} /> : <Skeleton lines={6} />;
  const item = inbox.data.items[0];
  return (
    <div class="portal portal-case">
      <p>
        <a href="/portal/">← {t("back")}</a>
      </p>
      {item ? (
        <Asked key={item.kind + item.state} item={item} of={of} back={() => route("/portal/")} again={again} />
      ) : (
        <>
          <Head of={of.data} />
          <section aria-labelledby="about">
            <h2 id="about">{t("about")}</h2>
            <Values of={of.data} />
          </section>
          {who.value?.client !== null && <May of={of.data} again={again} />}
        </>
      )}
      <Decisions of={of.data} />
      <Files of={of.data} />
      <Ask of={of.data} />
      <History of={params.key} />
    </div>
  );
}
