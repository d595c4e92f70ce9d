// SPDX-License-Identifier: Apache-2.0
// An input for a field of a workflow. Its words and bounds are the workflow's; the server judges the value.
import { texts } from "../lib/i18n";
import type { Field, Value } from "../lib/types";

const t = texts({
  choose: ["Choose …", "请选择……"],
  optional: ["{title} (optional)", "{title}（可选）"],
  yes: ["Yes", "是"],
  no: ["No", "否"],
  amount: ["An amount such as 50000.00", "金额，例如 50000.00"],
});

interface Props {
  field: Field;
  title: string;
  titles: Record<string, string>; // of its choices
  required: boolean;
  value: Value | undefined;
  set: (value: Value | undefined) => void; // undefined: nothing is said
}

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

function Input(props: Props) {
  const { field, required, value, set } = props;
  const text = value === undefined || value === null ? "" : String(value);
  const shared = { value: text, required };
  switch (field.type) {
    case "choice":
      return <Choices {...props} />;
    case "flag":
      return (
        <select
          value={value === undefined ? "" : value === true ? "yes" : "no"}
          required={required}
          onChange={(event) => set(YES_NO[event.currentTarget.value as "yes" | "no"])}
        >
          <option value="">{t("choose")}</option>
          <option value="yes">{t("yes")}</option>
          <option value="no">{t("no")}</option>
        </select>
      );
    case "number":
      return (
        <input {...shared} type="number" step="any" min={field.min} max={field.max}
          onInput={(event) => set(event.currentTarget.value === "" ? undefined : event.currentTarget.valueAsNumber)} />
      );
    case "money":
      return (
        <input {...shared} inputMode="decimal" title={t("amount")} pattern="-?[0-9]+(\.[0-9]+)?"
          onInput={(event) => set(event.currentTarget.value || undefined)} />
      );
    case "date":
      return <input {...shared} type="date" onInput={(event) => set(event.currentTarget.value || undefined)} />;
    default:
      return <textarea {...shared} rows={2} onInput={(event) => set(event.currentTarget.value || undefined)} />;
  }
}

export function FieldInput(props: Props) {
  return (
    <label>
      {props.required ? props.title : t("optional", { title: props.title })}
      <Input {...props} />
    </label>
  );
}
