import { X } from "lucide-react";
import { useState } from "react";

import type { Condition, Operator } from "@/api/dataProvider";
import { Button } from "@/components/ui/Button";
import { Field, Select } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { FilterValue } from "./FilterValue";
import { entryOf, fromInput, OPERATORS_OF, toInput, type Filter } from "./filters";
import { useConditionText } from "./useConditionText";

interface FilterFormProps {
  filters: Filter[];
  /** The conditions to change, of which one must hold; a new one where there is none. */
  group?: Condition[];
  onDone: (group: Condition[]) => void;
}

/** One condition to change, or several of which one must hold: to leave out, to add to. */
export function FilterForm({ filters, group = [], onDone }: FilterFormProps) {
  const t = useT();
  const textOf = useConditionText(filters);
  const [isAdding, setAdding] = useState(group.length > 1);
  const [only] = group;
  if (!isAdding)
    return (
      <div className="grid gap-2">
        <ConditionForm
          filters={filters}
          {...(only ? { condition: only } : {})}
          label={t("filter.apply")}
          onDone={(changed) => onDone([changed])}
        />
        {only && (
          <Button variant="ghost" className="justify-center" onClick={() => setAdding(true)}>
            {t("filter.anotherChoice")}
          </Button>
        )}
      </div>
    );
  return (
    <div className="grid gap-3">
      <ul className="grid gap-1">
        {group.map((condition) => {
          const text = textOf(condition);
          return (
            <li key={text} className="flex items-center justify-between gap-2 text-sm">
              {text}
              <button
                type="button"
                aria-label={t("filter.remove", { filter: text })}
                className="grid size-7 shrink-0 place-items-center rounded-md hover:bg-hover"
                onClick={() => onDone(group.filter((kept) => kept !== condition))}
              >
                <X className="size-3.5" />
              </button>
            </li>
          );
        })}
      </ul>
      <ConditionForm
        filters={filters}
        field={only?.field}
        label={t("filter.addChoice")}
        onDone={(added) => onDone([...group, added])}
      />
    </div>
  );
}

interface ConditionFormProps {
  filters: Filter[];
  condition?: Condition;
  /** The field to begin with, where there is no condition to change. */
  field?: string | undefined;
  label: string;
  onDone: (condition: Condition) => void;
}

/** Field, operator, value. */
function ConditionForm({ filters, condition, field: first, label, onDone }: ConditionFormProps) {
  const t = useT();
  const { currency } = useFormats();
  const [field, setField] = useState(condition?.field ?? first ?? filters[0]?.field ?? "");
  const filter = filters.find((known) => known.field === field) ?? filters[0];
  const operators = filter ? (filter.operators ?? OPERATORS_OF[filter.kind]) : [];
  const [chosenOp, setOp] = useState<Operator | undefined>(condition?.op);
  const op = chosenOp && operators.includes(chosenOp) ? chosenOp : (operators[0] ?? "eq");
  const [typed, setTyped] = useState<string | null>(
    condition && filter ? toInput(filter, condition, currency) : null,
  );
  if (!filter) return null;
  const value = typed ?? firstValue(filter, op);
  const isWhole = entryOf(op) === "none" || value.split(",", 2).every((part) => part.trim() !== "");

  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) onDone({ field: filter.field, op, value: fromInput(filter, op, value, currency) });
      }}
    >
      <Field label={t("filter.field")}>
        {(props) => (
          <Select
            {...props}
            value={field}
            onChange={(event) => (setField(event.target.value), setTyped(null))}
          >
            {filters.map(({ field, label }) => (
              <option key={field} value={field}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("filter.condition")}>
        {(props) => (
          <Select
            {...props}
            value={op}
            onChange={(event) => {
              const next = event.target.value as Operator;
              // What was typed as one date is no length of time.
              if (entryOf(next) !== entryOf(op)) setTyped(null);
              setOp(next);
            }}
          >
            {operators.map((known) => (
              <option key={known} value={known}>
                {t(`filter.op.${filter.kind === "date" ? "date_" : ""}${known}` as "filter.op.eq")}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <FilterValue filter={filter} op={op} value={value} onChange={setTyped} />
      <Button type="submit" variant="primary" className="justify-center">
        {label}
      </Button>
    </form>
  );
}

/** What a value is before anything was typed: only what is chosen from a list has one. */
function firstValue(filter: Filter, op: Operator): string {
  switch (entryOf(op)) {
    case "period":
      return "this_month";
    case "span":
      return "30d";
    case "two":
      return ",";
    default:
      return filter.kind === "choice" ? (filter.options?.[0]?.value ?? "") : "";
  }
}
