import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useData } from "@/api/context";
import type { OwnedKind, RolePolicy } from "@/api/types";
import { Cell, HeadCell, RowHead, Table } from "@/components/ui/Table";
import { Select } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { customFieldsQuery } from "@/resources/custom/useCustomFields";
import { fieldState, grantOf, KINDS, type FieldState } from "./accessModel";
import { customField, RULED, statesOf } from "./fieldModel";
import { withField } from "./roleModel";

interface RoleFieldsProps {
  name: string;
  policy: RolePolicy;
  onChange: (policy: RolePolicy) => void;
}

/** What a role takes away of single fields: one kind of record at a time, a state for each field. */
export default function RoleFields({ name, policy, onChange }: RoleFieldsProps) {
  const t = useT();
  const [kind, setKind] = useState<OwnedKind>("contact");
  const lines = useLines(kind);
  const makes = grantOf(policy, kind).create;
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h3 className="font-medium">{t("roles.fields.title")}</h3>
        <Select
          aria-label={t("roles.fields.kind")}
          className="w-auto min-w-36"
          value={kind}
          onChange={(event) => setKind(event.target.value as OwnedKind)}
        >
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {kindText(t(`rights.kind.${one}`), Object.keys(policy.fields[one] ?? {}).length)}
            </option>
          ))}
        </Select>
      </div>
      <Table
        caption={t("roles.fields.table", { name, kind: t(`rights.kind.${kind}`) })}
        className="rounded-lg border"
        head={
          <>
            <HeadCell className="px-3">{t("roles.fields.field")}</HeadCell>
            <HeadCell className="px-2">{t("roles.fields.may")}</HeadCell>
          </>
        }
      >
        {lines.map(({ field, label }) => (
          <tr key={field.name}>
            <RowHead className="px-3">{label}</RowHead>
            <Cell className="px-2 py-1.5">
              <State
                label={t("roles.fields.of", { field: label })}
                value={fieldState(policy, kind, field.name)}
                states={statesOf(field, makes)}
                onChange={(state) => onChange(withField(policy, kind, field.name, state))}
              />
            </Cell>
          </tr>
        ))}
      </Table>
      <p className="text-xs text-ink-2">{t("roles.fields.hint")}</p>
    </section>
  );
}

/** How many rules a kind has shows before it is chosen. */
const kindText = (kind: string, n: number) => (n === 0 ? kind : `${kind} (${n})`);

function useLines(kind: OwnedKind) {
  const t = useT();
  const formats = useFormats();
  const custom = useQuery(customFieldsQuery(useData())).data ?? [];
  const own = RULED[kind].map((field) => ({ field, label: t(`roles.fields.name.${field.text}`) }));
  const added = custom
    .filter(({ object, archived_at }) => object === kind && archived_at === null)
    .map(({ key, label }) => ({ field: customField(key), label: formats.text(label) }));
  return [...own, ...added];
}

interface StateProps {
  label: string;
  value: FieldState;
  states: FieldState[];
  onChange: (state: FieldState) => void;
}

function State({ label, value, states, onChange }: StateProps) {
  const t = useT();
  return (
    <Select
      aria-label={label}
      className="w-auto min-w-32"
      value={value}
      disabled={states.length === 1 && value === states[0]}
      onChange={(event) => onChange(event.target.value as FieldState)}
    >
      {[...new Set([...states, value])].map((state) => (
        <option key={state} value={state} disabled={!states.includes(state)}>
          {t(`roles.fields.state.${state}`)}
        </option>
      ))}
    </Select>
  );
}
