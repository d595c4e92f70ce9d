// SPDX-License-Identifier: Apache-2.0
// An input for a field of a workflow, of any type: the same for the team and for clients. Its words and bounds are the
// workflow's; the server judges the value.
import { useId, useRef, useState } from "preact/hooks";
import { upload } from "../lib/files";
import { texts } from "../lib/i18n";
import { knownPeople } from "../lib/names";
import { titled } from "../lib/titled";
import type { Field, Value } from "../lib/types";
import { words } from "./states";

const t = texts({
  choose: ["Choose …", "请选择……"],
  optional: ["{title} (optional)", "{title}（可选）"],
  yes: ["Yes", "是"],
  no: ["No", "否"],
  amount: ["An amount such as 50000.00", "金额，例如 50000.00"],
  add: ["Add: {title}", "添加：{title}"],
  take_away: ["Take away {title}, {n}", "移除{title}第 {n} 项"],
  nth: ["{title} {n}", "{title} {n}"],
  uploading: ["Being sent …", "正在上传……"],
  has_file: ["{name} is added.", "已添加 {name}。"],
});

const LINE_MOST = 200; // characters of a text that is asked for in one line

interface Props {
  field: Field;
  title: string;
  titles: Record<string, string>; // of its choices
  required: boolean;
  value: Value | undefined;
  set: (value: Value | undefined) => void; // undefined: nothing is said
}

/** What its choices are called. */
export const choiceTitles = (field: Field): Record<string, string> =>
  Object.fromEntries(Object.entries(field.titles ?? {}).map(([name, title]) => [name, titled(title, name)]));

function Choices({ field, titles, required, value, set }: Props) {
  return (
    <select value={String(value ?? "")} required={required} onChange={(event) => set(event.currentTarget.value || undefined)}>
      <option value="">{t("choose")}</option>
      {(field.choices ?? []).map((choice) => (
        <option key={choice} value={choice}>
          {titles[choice] ?? choice}
        </option>
      ))}
    </select>
  );
}

const YES_NO = { yes: true, no: false } as const;

function YesNo({ required, value, set }: Props) {
  return (
    <select
      value={value === undefined || value === null ? "" : value === true ? "yes" : "no"}
      required={required}
      onChange={(event) => set(YES_NO[event.currentTarget.value as "yes" | "no"])}
    >
      <option value="">{t("choose")}</option>
      <option value="yes">{t("yes")}</option>
      <option value="no">{t("no")}</option>
    </select>
  );
}

/** A moment as the browser's clock shows it; it is sent with its offset. */
function localOf(value: Value | undefined): string {
  const at = typeof value === "string" ? new Date(value) : null;
  if (at === null || Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** A number with a fraction goes as text, since it is exact only so. */
function numberOf(text: string): Value | undefined {
  if (text === "") return undefined;
  return Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

function Person({ required, value, set }: Props) {
  const id = useId(); // a record may ask for the same field many times
  return (
    <>
      <input value={String(value ?? "")} required={required} list={id} autocomplete="off" onInput={(event) => set(event.currentTarget.value || undefined)} />
      <datalist id={id}>
        {knownPeople().map(([person, title]) => (
          <option key={person} value={person}>
            {title}
          </option>
        ))}
      </datalist>
    </>
  );
}

/** The file goes to the server when it is chosen; the value is the name that it has there. */
function FileInput({ required, value, set }: Props) {
  const [said, setSaid] = useState<{ text: string; bad: boolean } | null>(null);
  // The form goes on while the file is under way: what is set then is set in the form as it is by then.
  const latest = useRef(set);
  latest.current = set;
  const send = async (file: File | undefined) => {
    set(undefined);
    setSaid(null);
    if (file === undefined) return;
    setSaid({ text: t("uploading"), bad: false });
    try {
      latest.current(await upload(file));
      setSaid({ text: t("has_file", { name: file.name }), bad: false });
    } catch (error) {
      setSaid({ text: words(error as Error), bad: true });
    }
  };
  return (
    <>
      <input type="file" required={required && typeof value !== "string"} onChange={(event) => void send(event.currentTarget.files?.[0])} />
      {said && (
        <span class={said.bad ? "wrong" : "quiet"} role="status">
          {said.text}
        </span>
      )}
    </>
  );
}

function Line({ field, required, value, set }: Props) {
  const text = value === undefined || value === null ? "" : String(value);
  const most = typeof field.max === "number" ? field.max : undefined;
  const shared = { value: text, required, maxLength: most };
  if (most !== undefined && most <= LINE_MOST && !text.includes("\n"))
    return <input {...shared} autocomplete="off" onInput={(event) => set(event.currentTarget.value || undefined)} />;
  return <textarea {...shared} rows={2} onInput={(event) => set(event.currentTarget.value || undefined)} />;
}

function Input(props: Props) {
  const { field, required, value, set } = props;
  const shared = { value: value === undefined || value === null ? "" : String(value), required };
  switch (field.type) {
    case "choice":
      return <Choices {...props} />;
    case "flag":
      return <YesNo {...props} />;
    case "number":
      return <input {...shared} type="number" step="any" min={field.min} max={field.max} onInput={(event) => set(numberOf(event.currentTarget.value))} />;
    case "money":
      return (
        <input {...shared} inputMode="decimal" title={t("amount")} pattern="-?[0-9]+(\.[0-9]+)?"
          onInput={(event) => set(event.currentTarget.value || undefined)} />
      );
    case "date":
      return <input {...shared} type="date" min={field.min} max={field.max} onInput={(event) => set(event.currentTarget.value || undefined)} />;
    case "time":
      return (
        <input {...shared} value={localOf(value)} type="datetime-local"
          onInput={(event) => set(event.currentTarget.value === "" ? undefined : new Date(event.currentTarget.value).toISOString())} />
      );
    case "person":
      return <Person {...props} />;
    case "file":
      return <FileInput {...props} />;
    default:
      return <Line {...props} />;
  }
}

/** A part of a record or a list, with what the workflow calls it. */
function Part({ field, title, required, value, set }: Omit<Props, "titles">) {
  return <FieldInput field={field} title={title} titles={choiceTitles(field)} required={required} value={value} set={set} />;
}

function RecordParts({ field, value, set }: Omit<Props, "titles" | "title" | "required">) {
  const record = value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
  return (
    <>
      {(field.fields ?? []).map((part) => (
        <Part
          key={part.name}
          field={part}
          title={titled(part.title, part.name)}
          required={part.required === true}
          value={record[part.name]}
          set={(to) => {
            const { [part.name]: _, ...rest } = record;
            const next = to === undefined ? rest : { ...rest, [part.name]: to };
            set(Object.keys(next).length === 0 ? undefined : next);
          }}
        />
      ))}
    </>
  );
}

/** Rows that nothing is said in yet are on the screen and not in the value. */
function ListParts({ field, title, required, value, set }: Omit<Props, "titles">) {
  const [rows, setRows] = useState<(Value | undefined)[]>(Array.isArray(value) && value.length > 0 ? value : required ? [undefined] : []);
  const of = field.of ?? { name: field.name, type: "text" };
  const change = (next: (Value | undefined)[]) => {
    setRows(next);
    const said = next.filter((row) => row !== undefined);
    set(said.length === 0 ? undefined : said);
  };
  const put = (i: number) => (to: Value | undefined) => change(rows.map((row, k) => (k === i ? to : row)));
  const isFull = typeof field.max === "number" && rows.length >= field.max;
  return (
    <>
      {rows.map((row, i) => (
        <div key={i} class="list-row" role="group" aria-label={t("nth", { title, n: i + 1 })}>
          <div>
            {of.type === "record" ? (
              <RecordParts field={of} value={row} set={put(i)} />
            ) : (
              <Part field={of} title={t("nth", { title, n: i + 1 })} required value={row} set={put(i)} />
            )}
          </div>
          <button type="button" class="icon" aria-label={t("take_away", { title, n: i + 1 })} onClick={() => change(rows.filter((_, k) => k !== i))}>
            ×
          </button>
        </div>
      ))}
      {!isFull && (
        <button type="button" class="secondary outline small" onClick={() => change([...rows, undefined])}>
          {t("add", { title })}
        </button>
      )}
    </>
  );
}

export function FieldInput(props: Props) {
  const { field, title, required, value, set } = props;
  const name = required ? title : t("optional", { title });
  if (field.type === "list" || field.type === "record")
    return (
      <fieldset class="field-parts">
        <legend>{name}</legend>
        {field.type === "list" ? (
          <ListParts field={field} title={title} required={required} value={value} set={set} />
        ) : (
          <RecordParts field={field} value={value} set={set} />
        )}
      </fieldset>
    );
  return (
    <label>
      {name}
      <Input {...props} />
    </label>
  );
}
