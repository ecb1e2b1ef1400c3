import type { Operator } from "@/api/dataProvider";
import { Field, Input, Select } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { entryOf, parseSpan, PERIODS, SPAN_UNITS, type Filter } from "./filters";

interface FilterValueProps {
  filter: Filter;
  op: Operator;
  /** As typed: one value, two with a comma, `30d`, or the name of a period. */
  value: string;
  onChange: (value: string) => void;
}

/** What a field is compared with, typed or chosen as the operator asks for it. */
export function FilterValue({ filter, op, value, onChange }: FilterValueProps) {
  const t = useT();
  const { currency } = useFormats();
  const label = filter.kind === "money" ? t("filter.valueIn", { currency }) : t("filter.value");
  switch (entryOf(op)) {
    case "none":
      return null;
    case "period":
      return (
        <Choice
          label={label}
          value={value}
          options={PERIODS.map((period) => ({ value: period, label: t(`filter.period.${period}`) }))}
          onChange={onChange}
        />
      );
    case "span":
      return <SpanEntry value={value} onChange={onChange} />;
    case "two": {
      const [low = "", high = ""] = value.split(",", 2);
      return (
        <div className="grid grid-cols-2 gap-2">
          <OneEntry
            filter={filter}
            label={t("filter.from")}
            value={low}
            onChange={(next) => onChange(`${next},${high}`)}
          />
          <OneEntry
            filter={filter}
            label={t("filter.to")}
            value={high}
            onChange={(next) => onChange(`${low},${next}`)}
          />
        </div>
      );
    }
    case "one":
      return filter.kind === "choice" ? (
        <Choice label={label} value={value} options={filter.options ?? []} onChange={onChange} />
      ) : (
        <OneEntry filter={filter} label={label} value={value} onChange={onChange} />
      );
  }
}

interface OneEntryProps {
  filter: Filter;
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function OneEntry({ filter, label, value, onChange }: OneEntryProps) {
  const isText = filter.kind === "text" || filter.kind === "tags";
  return (
    <Field label={label}>
      {(props) => (
        <Input
          {...props}
          type={filter.kind === "date" ? "date" : isText ? "text" : "number"}
          step="any"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <Field label={label}>
      {(props) => (
        <Select {...props} value={value} onChange={(event) => onChange(event.target.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function SpanEntry({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useT();
  const { unit } = parseSpan(value);
  const n = value.replace(/\D/g, "");
  return (
    <div className="grid grid-cols-2 gap-2">
      <Field label={t("filter.count")}>
        {(props) => (
          <Input
            {...props}
            type="number"
            min={1}
            max={10_000}
            step={1}
            required
            value={n}
            onChange={(event) => onChange(`${event.target.value}${unit}`)}
          />
        )}
      </Field>
      <Choice
        label={t("filter.unit")}
        value={unit}
        options={SPAN_UNITS.map((known) => ({ value: known, label: t(`filter.unitOf.${known}`) }))}
        onChange={(next) => onChange(`${n}${next}`)}
      />
    </div>
  );
}
