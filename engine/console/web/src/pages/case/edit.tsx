// SPDX-License-Identifier: Apache-2.0
// Changing fields of a case: those that may be changed where it is now, and only what has become different is sent.
import { useState } from "preact/hooks";
import { send } from "../../lib/api";
import type { Case, Field, Value } from "../../lib/types";
import { FieldInput } from "../../parts/field";
import { FormDialog } from "../../parts/form_dialog";
import { say } from "../../parts/toast";
import { t } from "./texts";

export function Edit({ of, names, fields, close }: { of: Case; names: string[]; fields: Field[]; close: () => void }) {
  const [data, setData] = useState<Record<string, Value>>({});
  // What the person saw is what they change: what comes meanwhile is a conflict, and the server says so.
  const [shown] = useState(of);
  const voted = shown.approvals.some((round) => round.ended === undefined && round.covers.some((name) => names.includes(name)));
  const save = async () => {
    if (Object.keys(data).length === 0) return;
    const done = await send("case.edit", { case: shown.case, fields: data, expect: shown.rev });
    say(t("recorded", { entry: done.entry }));
  };
  return (
    <FormDialog title={t("edit_title", { case: shown.case })} close={close} submit={t("save")} run={save}>
      {voted && <p class="quiet">{t("again_round")}</p>}
      {names.map((name) => (
        <FieldInput
          key={name}
          field={fields.find((field) => field.name === name) ?? { name, type: "text" }}
          title={shown.field_titles[name] ?? name}
          titles={shown.value_titles[name] ?? {}}
          required={false}
          value={name in data ? (data[name] ?? undefined) : shown.fields[name]}
          set={(value) => setData({ ...data, [name]: value ?? null })}
        />
      ))}
    </FormDialog>
  );
}
