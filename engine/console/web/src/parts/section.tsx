// SPDX-License-Identifier: Apache-2.0
// A noun, such as those of the administration and of one's preferences: its rows, adding one, and what can be done with
// each. What it is made of is data; every act is a method of the protocol, and what it refuses is shown in its words.
import { useCallback, useEffect, useState } from "preact/hooks";
import { ask, write } from "../lib/api";
import { language, texts } from "../lib/i18n";
import { type Entry, useLive } from "../lib/live";
import type { Value } from "../lib/types";
import { Dialog } from "./dialog";
import { FormDialog } from "./form_dialog";
import { Failure, Skeleton, words } from "./states";
import { say } from "./toast";

const t = texts({
  none: ["There is none yet.", "暂无记录。"],
  add: ["Add", "添加"],
  add_to: ["Add: {what}", "添加：{what}"],
  more: ["Show more", "显示更多"],
  do_it: ["Do it", "执行"],
  save: ["Save", "保存"],
  done: ["Done.", "已完成。"],
  once: ["Shown this once", "仅显示一次"],
  once_why: ["Copy it now: it is not kept in a form that can be shown again.", "请立即复制：之后无法再次显示。"],
  copy: ["Copy", "复制"],
  copied: ["Copied.", "已复制。"],
  actions: ["Actions", "操作"],
  sure: ["{what}: {of}?", "{what}：{of}？"],
  yes: ["yes", "是"],
  no: ["no", "否"],
});

export type Row = Record<string, Value>;

export interface Input {
  name: string;
  label: string;
  kind?: "text" | "flag" | "date" | "moment" | "choice";
  choices?: [value: string, words: string][];
  from?: { list: string; params?: Record<string, Value>; only?: (row: Row) => boolean; choice: (row: Row) => [value: string, words: string] }; // the choices are the rows of a list
  required?: boolean;
}

export interface Act {
  label: string;
  method: string;
  params: (row: Row) => Record<string, Value>;
  inputs?: Input[];
  when?: (row: Row) => boolean;
  sure?: boolean; // asked once more, since it cannot be taken back
  secret?: (answer: Row) => string; // what the answer tells this once
}

export interface Noun {
  id: string;
  title: string;
  help?: string; // a sentence about them
  list: string;
  params?: Record<string, Value>; // which of them
  only?: (row: Row) => boolean; // those that are shown
  moves?: boolean; // what happens to cases changes its rows, too
  key: (row: Row) => string;
  columns: [label: string, show: (row: Row) => preact.ComponentChildren][];
  add?: { label?: string; method: string; inputs: Input[]; secret?: (answer: Row) => string };
  acts?: Act[];
  detail?: (row: Row) => preact.ComponentChildren;
}

const PAGE = 100;
const MOST = 500;

/** A person to choose among those that a method lists and who have not left: by name, and by key where two are called the
 * same. */
export const personFrom = (list: string): NonNullable<Input["from"]> => ({
  list,
  params: { limit: MOST },
  only: (row) => row.active !== false,
  choice: (row) => {
    const key = String(row.person);
    return [key, typeof row.title === "string" && row.title !== key ? `${row.title} (${key})` : key];
  },
});

export const act = (method: string, params: Record<string, Value>): Promise<Row> => write<Row>(method, params);

/** What is kept beside the cases changes by entries that are of none. */
export const ofNoCase = (entry: Entry): boolean => entry.case === null;

function useRows(method: string, params: Record<string, Value>, moves = false): { rows: Row[] | null; more: boolean; error: Error | null; reload: () => void } {
  const [state, setState] = useState<{ rows: Row[] | null; more: boolean; error: Error | null }>({ rows: null, more: false, error: null });
  const key = JSON.stringify([method, params, language.value]);
  const reload = useCallback(() => {
    ask<{ items: Row[]; cursor: string | null }>(method, params).then(
      (page) => setState({ rows: page.items, more: (page.cursor ?? null) !== null, error: null }),
      (error: Error) => setState((old) => ({ ...old, error })),
    );
  }, [key]);
  useEffect(reload, [key]);
  useLive(reload, moves ? {} : { wants: ofNoCase });
  return { ...state, reload };
}

/** Only what was said; a moment is one of the browser's clock, sent with its offset. */
function valueOf(input: Input, text: string): Value | undefined {
  if (text === "") return undefined;
  if (input.kind === "flag") return text === "yes";
  if (input.kind === "moment") return new Date(text).toISOString();
  return text;
}

/** A choice among what the server lists. */
function ListedOf({ input, from, value, set }: { input: Input; from: NonNullable<Input["from"]>; value: string; set: (to: string) => void }) {
  const { rows } = useRows(from.list, from.params ?? {});
  return <InputOf input={{ name: input.name, label: input.label, kind: "choice", choices: (rows ?? []).filter(from.only ?? (() => true)).map(from.choice), required: input.required === true }} value={value} set={set} />;
}

function InputOf({ input, value, set }: { input: Input; value: string; set: (to: string) => void }) {
  const shared = { value, required: input.required === true };
  if (input.kind === "choice" || input.kind === "flag") {
    const choices = input.choices ?? [["no", t("no")], ["yes", t("yes")]];
    return (
      <label>
        {input.label}
        <select {...shared} onChange={(event) => set(event.currentTarget.value)}>
          {!choices.some(([value]) => value === "") && <option value="" />}
          {choices.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
    );
  }
  const rest = { ...shared, autocomplete: "off", onInput: (event: { currentTarget: HTMLInputElement }) => set(event.currentTarget.value) };
  return (
    <label>
      {input.label}
      {input.kind === "date" ? <input {...rest} type="date" /> : input.kind === "moment" ? <input {...rest} type="datetime-local" /> : <input {...rest} />}
    </label>
  );
}

interface FormProps {
  title: string;
  method: string;
  fixed: Record<string, Value>;
  inputs: Input[];
  secret?: ((answer: Row) => string) | undefined;
  close: () => void;
  done: (secret: string | null) => void;
}

export function Form({ title, method, fixed, inputs, secret, close, done }: FormProps) {
  const [texts, setTexts] = useState<Record<string, string>>({});
  const save = async () => {
    const params = { ...fixed };
    for (const input of inputs) {
      const value = valueOf(input, (texts[input.name] ?? "").trim());
      if (value !== undefined) params[input.name] = value;
    }
    const answer = await act(method, params);
    if (typeof answer.warning === "string") say(answer.warning, "bad");
    done(secret ? secret(answer) : null);
  };
  return (
    <FormDialog title={title} close={close} submit={inputs.length === 0 ? t("do_it") : t("save")} run={save}>
      {inputs.map((input) => {
        const its = { key: input.name, input, value: texts[input.name] ?? "", set: (to: string) => setTexts({ ...texts, [input.name]: to }) };
        return input.from ? <ListedOf {...its} from={input.from} /> : <InputOf {...its} />;
      })}
    </FormDialog>
  );
}

function Secret({ text, close }: { text: string; close: () => void }) {
  return (
    <Dialog title={t("once")} close={close}>
      <div class="once">
        <p>{t("once_why")}</p>
        <textarea readOnly rows={3} value={text} aria-label={t("once")} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" onClick={() => void navigator.clipboard?.writeText(text).then(() => say(t("copied")))}>
          {t("copy")}
        </button>
      </div>
    </Dialog>
  );
}

export function Section({ noun }: { noun: Noun }) {
  const [limit, setLimit] = useState(PAGE);
  const list = useRows(noun.list, { ...noun.params, limit }, noun.moves);
  const [open, setOpen] = useState<{ act: Act; row: Row } | "add" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const finished = (told: string | null) => {
    setOpen(null);
    if (told === null) say(t("done"));
    else setSecret(told);
    list.reload();
  };
  const choose = (chosen: Act, row: Row) => {
    if (chosen.sure || (chosen.inputs ?? []).length > 0) return setOpen({ act: chosen, row });
    act(chosen.method, chosen.params(row)).then((answer) => finished(chosen.secret ? chosen.secret(answer) : null), (error: Error) => say(words(error), "bad"));
  };
  if (list.rows === null) return list.error ? <Failure error={list.error} again={list.reload} /> : <Skeleton />;
  const rows = noun.only ? list.rows.filter(noun.only) : list.rows;
  // What none of them has would only take the room of the others.
  const columns = noun.columns.filter(([, show], i) => i === 0 || rows.some((row) => show(row) !== ""));
  return (
    <section class="card noun" aria-labelledby={`admin-${noun.id}`}>
      <header>
        <h2 id={`admin-${noun.id}`}>{noun.title}</h2>
        {noun.add && (
          <button type="button" onClick={() => setOpen("add")}>
            {t("add")}
          </button>
        )}
      </header>
      {noun.help && <p class="quiet">{noun.help}</p>}
      {rows.length === 0 ? (
        <p class="quiet">{t("none")}</p>
      ) : (
        <div class="overflow" tabIndex={0}>
          {/* The roles are said, since on a phone rows are drawn as cards, and the browser takes them for no table then. */}
          <table class="plain-table" role="table">
            <thead role="rowgroup">
              <tr role="row">
                {columns.map(([label]) => (
                  <th key={label} scope="col" role="columnheader">
                    {label}
                  </th>
                ))}
                {noun.acts && (
                  <th scope="col" role="columnheader">
                    <span class="hidden">{t("actions")}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody role="rowgroup">
              {rows.map((row) => (
                <>
                  <tr key={noun.key(row)} role="row">
                    {columns.map(([label, show], i) =>
                      i === 0 ? (
                        <th key={label} scope="row" role="rowheader">
                          {show(row)}
                        </th>
                      ) : (
                        <td key={label} role="cell" data-label={label}>
                          {show(row)}
                        </td>
                      ),
                    )}
                    {noun.acts && (
                      <td class="row-acts" role="cell">
                        {noun.acts
                          .filter((one) => one.when?.(row) ?? true)
                          .map((one) => (
                            <button key={one.label} type="button" class="secondary outline small" aria-label={`${one.label}: ${noun.key(row)}`} onClick={() => choose(one, row)}>
                              {one.label}
                            </button>
                          ))}
                      </td>
                    )}
                  </tr>
                  {noun.detail && (
                    <tr key={`${noun.key(row)}/`} class="detail" role="row">
                      <td role="cell" colSpan={columns.length + (noun.acts ? 1 : 0)}>{noun.detail(row)}</td>
                    </tr>
                  )}
                </>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.more && limit < MOST && (
        <button type="button" class="secondary" onClick={() => setLimit(MOST)}>
          {t("more")}
        </button>
      )}
      {open === "add" && noun.add && (
        <Form title={noun.add.label ?? t("add_to", { what: noun.title })} method={noun.add.method} fixed={{}} inputs={noun.add.inputs} secret={noun.add.secret} close={() => setOpen(null)} done={finished} />
      )}
      {open !== null && open !== "add" && (
        <Form
          title={open.act.sure ? t("sure", { what: open.act.label, of: noun.key(open.row) }) : `${open.act.label}: ${noun.key(open.row)}`}
          method={open.act.method}
          fixed={open.act.params(open.row)}
          inputs={open.act.inputs ?? []}
          secret={open.act.secret}
          close={() => setOpen(null)}
          done={finished}
        />
      )}
      {secret !== null && <Secret text={secret} close={() => setSecret(null)} />}
    </section>
  );
}
