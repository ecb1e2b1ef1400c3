import type { Pipeline } from "@/api/types";
import type { Option } from "@/components/admin/InlineChoice";
import { Field, Select } from "@/components/ui/fields";

/** Currencies that deals are most often made in; the workspace's own stands first. */
const CURRENCIES = "EUR USD GBP CNY JPY CHF CAD AUD SEK INR SGD HKD".split(" ");

export const currencyOptions = (own: string | null): string[] => [
  ...new Set([...(own ? [own] : []), ...CURRENCIES]),
];

export const stageOptions = (pipeline: Pipeline | undefined): Option[] =>
  (pipeline?.stages ?? []).map(({ id, name }) => ({ value: id, label: name }));

interface ChoiceProps {
  label: string;
  value: string;
  options: Option[];
  error?: string | undefined;
  onChange: (value: string) => void;
}

/** A labelled choice of which one always stands. */
export function SureChoice({ label, value, options, error, onChange }: ChoiceProps) {
  return (
    <Field label={label} error={error}>
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
