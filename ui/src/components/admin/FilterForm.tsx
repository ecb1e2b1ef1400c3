import { useState } from "react";

import type { Condition, Operator } from "@/api/dataProvider";
import { Button } from "@/components/ui/Button";
import { Field, Input, Select } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { fromInput, OPERATORS_OF, toInput, type Filter } from "./filters";

interface FilterFormProps {
  filters: Filter[];
  /** The condition to change; a new one where absent. */
  condition?: Condition;
  onDone: (condition: Condition) => void;
}

/** Field, operator, value. */
export function FilterForm({ filters, condition, onDone }: FilterFormProps) {
  const t = useT();
  const { currency } = useFormats();
  const [field, setField] = useState(condition?.field ?? filters[0]?.field ?? "");
  const filter = filters.find((known) => known.field === field) ?? filters[0];
  const operators = filter ? (filter.operators ?? OPERATORS_OF[filter.kind]) : [];
  const [chosenOp, setOp] = useState<Operator | undefined>(condition?.op);
  const op = chosenOp && operators.includes(chosenOp) ? chosenOp : (operators[0] ?? "eq");
  const [value, setValue] = useState(condition && filter ? toInput(filter, condition, currency) : "");
  if (!filter) return null;
  const isPresence = op === "is_null" || op === "not_null";
  const chosen = filter.kind === "choice" && value === "" ? (filter.options?.[0]?.value ?? "") : value;

  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (isPresence || chosen !== "")
          onDone({ field, op, value: isPresence ? "" : fromInput(filter, chosen, currency) });
      }}
    >
      <Field label={t("filter.field")}>
        {(props) => (
          <Select {...props} value={field} onChange={(event) => (setField(event.target.value), setValue(""))}>
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
          <Select {...props} value={op} onChange={(event) => setOp(event.target.value as Operator)}>
            {operators.map((known) => (
              <option key={known} value={known}>
                {t(`filter.op.${filter.kind === "date" ? "date_" : ""}${known}` as "filter.op.eq")}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {!isPresence && (
        <Field label={filter.kind === "money" ? t("filter.valueIn", { currency }) : t("filter.value")}>
          {(props) =>
            filter.kind === "choice" ? (
              <Select {...props} value={chosen} onChange={(event) => setValue(event.target.value)}>
                {filter.options?.map((option) => (
                  <option key={option.value} value={option.value}>
                    {option.label}
                  </option>
                ))}
              </Select>
            ) : (
              <Input
                {...props}
                type={
                  filter.kind === "date"
                    ? "date"
                    : filter.kind === "text" || filter.kind === "tags"
                      ? "text"
                      : "number"
                }
                step="any"
                value={value}
                onChange={(event) => setValue(event.target.value)}
              />
            )
          }
        </Field>
      )}
      <Button type="submit" variant="primary" className="justify-center">
        {t("filter.apply")}
      </Button>
    </form>
  );
}
