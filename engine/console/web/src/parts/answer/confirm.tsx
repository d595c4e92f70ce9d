// SPDX-License-Identifier: Apache-2.0
// The last look before an answer: what exactly it is given to, what else has to be said with it.
import { useEffect, useRef, useState } from "preact/hooks";
import { send } from "../../lib/api";
import { personName } from "../../lib/names";
import type { Case, Value, Written } from "../../lib/types";
import { useCall } from "../../lib/use";
import { FieldInput } from "../field";
import { beginIn, FormDialog } from "../form_dialog";
import { Skeleton } from "../states";
import { say } from "../toast";
import { Values } from "../values";
import { Files } from "./asked";
import { naming } from "./changed";
import { type About, type Act, isRefusal } from "./decide";
import { t } from "./texts";

interface Said {
  comment: string;
  file: string | undefined; // the proof of a task
  data: Record<string, Value>;
}

/** The digest is the one that this page has shown: if the content has changed since, the server refuses it. */
function carryOut(act: Act, item: About, said: Said): Promise<Written> {
  const common = {
    case: item.case,
    ...(said.comment.trim() === "" ? {} : { comment: said.comment.trim() }),
    ...(item.on_behalf ? { on_behalf: item.on_behalf } : {}),
  };
  switch (act.do) {
    case "vote":
      return send("approval.vote", {
        ...common,
        approval: act.round.approval,
        choice: act.name,
        digest: item.digest ?? act.round.digest,
      });
    case "fire":
      return send("case.fire", {
        ...common,
        event: act.name,
        expect: item.rev,
        ...(Object.keys(said.data).length > 0 ? { data: said.data } : {}),
      });
    case "tick":
      return send("task.done", {
        case: item.case,
        task: act.name,
        state: item.state,
        ...(said.file ? { file: said.file } : {}),
        ...(item.on_behalf ? { on_behalf: item.on_behalf } : {}),
      });
    default:
      throw new Error(act.do);
  }
}

function What({ act, item, of }: { act: Act; item: About; of: Case }) {
  if (act.do === "tick") return <p>{t("ticked")}</p>;
  if (act.do !== "vote")
    return <p>{t("it_goes", { case: item.case, state: of.state_titles[item.state] ?? of.states.map((name) => of.state_titles[name] ?? name).join(" · ") })}</p>;
  return (
    <>
      <p>
        {item.on_behalf
          ? t("you_say_for", { choice: act.title, person: personName(item.on_behalf) })
          : t("you_say", { choice: act.title })}
      </p>
      <div class="exactly">
        <p class="exactly-title">
          <bdi>{item.title}</bdi> <code title={item.digest}>{t("version", { digest: (item.digest ?? "").slice(0, 8) })}</code>
        </p>
        <Values of={of} only={act.round.covers} />
        <Files of={of} />
      </div>
      <p class="quiet">{t("if_changed")}</p>
    </>
  );
}

/** The fields that go with an event: those that it needs, then those that it takes. */
function Fields({ act, of, data, set }: { act: Act; of: Case; data: Record<string, Value>; set: (to: Record<string, Value>) => void }) {
  const names = act.do === "fire" ? [...new Set([...(act.event.needs ?? []), ...(act.event.takes ?? [])])] : [];
  const flow = useCall("workflow.get", names.length > 0 ? { workflow: of.workflow } : null);
  const its = useRef<HTMLDivElement>(null);
  const ready = names.length === 0 || flow.data !== null || flow.error !== null;
  useEffect(() => {
    if (ready && names.length > 0) beginIn(its.current?.closest("form"));
  }, [ready]);
  if (!ready) return <Skeleton lines={names.length} />;
  return (
    <div ref={its}>
      {names.map((name) => (
        <FieldInput
          key={name}
          field={flow.data?.model.fields.find((field) => field.name === name) ?? { name, type: "text" }}
          title={of.field_titles[name] ?? name}
          titles={of.value_titles[name] ?? {}}
          required={act.do === "fire" && (act.event.needs ?? []).includes(name)}
          value={data[name] ?? of.fields[name]}
          set={(value) => {
            const { [name]: _, ...rest } = data;
            set(value === undefined ? rest : { ...rest, [name]: value });
          }}
        />
      ))}
    </div>
  );
}

export function Confirm({ act, item, of, close, again }: { act: Act; item: About; of: Case; close: () => void; again: () => void }) {
  const [comment, setComment] = useState("");
  const [file, setFile] = useState<string>();
  const [data, setData] = useState<Record<string, Value>>({});
  // What was shown when the dialog opened is what is answered, whatever comes meanwhile.
  const [shown] = useState({ item, of });
  const needsNote = act.do === "fire" && act.event.note === true;

  const answer = async () => {
    try {
      const done = await naming(shown.of, carryOut(act, shown.item, { comment, file, data }));
      say(t("recorded", { entry: done.entry }));
    } finally {
      again();
    }
  };
  const title = act.do === "vote" ? t("confirm_vote", { choice: act.title, case: item.case }) : t("confirm_event", { event: act.title, case: item.case });
  return (
    <FormDialog title={title} close={close} submit={t("confirm", { what: act.title })} danger={isRefusal(act)} run={answer}>
      <What act={act} item={shown.item} of={shown.of} />
      <Fields act={act} of={shown.of} data={data} set={setData} />
      {act.do === "tick" && act.proof && (
        <FieldInput field={{ name: "proof", type: "file" }} title={t("proof")} titles={{}} required={shown.of.files.length === 0}
          value={file} set={(to) => setFile(typeof to === "string" ? to : undefined)} />
      )}
      {act.do !== "tick" && (
        <label>
          {needsNote ? t("note_needed") : t("note")}
          <textarea rows={2} value={comment} onInput={(event) => setComment(event.currentTarget.value)} required={needsNote} />
        </label>
      )}
    </FormDialog>
  );
}
