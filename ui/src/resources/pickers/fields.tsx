import { Field, Input, Select } from "@/components/ui/fields";
import type { Option } from "@/components/admin/InlineChoice";

interface FieldProps {
  label: string;
  value: string;
  error?: string | undefined;
  onChange: (value: string) => void;
}

/** A labelled text field of a dialog. */
export function TextField({
  label,
  value,
  error,
  onChange,
  ...rest
}: FieldProps & {
  type?: "text" | "tel" | "number" | "date";
  inputMode?: "email" | "url";
  required?: boolean;
  autoFocus?: boolean;
  min?: number;
}) {
  return (
    <Field label={label} error={error}>
      {(props) => (
        <Input
          {...props}
          {...rest}
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** A labelled choice of a dialog, which may stay open. */
export function ChoiceField({ label, value, error, onChange, options }: FieldProps & { options: Option[] }) {
  return (
    <Field label={label} error={error}>
      {(props) => (
        <Select {...props} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">—</option>
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

/** A labelled choice of a dialog, of which one always stands. */
export function RequiredChoiceField<K extends string>({
  label,
  value,
  onChange,
  options,
}: {
  label: string;
  value: K;
  onChange: (value: K) => void;
  options: { value: K; label: string }[];
}) {
  return (
    <Field label={label}>
      {(props) => (
        <Select {...props} value={value} onChange={(event) => onChange(event.target.value as K)}>
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
