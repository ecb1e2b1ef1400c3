import { Select } from "@/components/ui/fields";
import { useMay } from "@/resources/session/useSession";

export interface Option {
  value: string;
  label: string;
}

interface InlineChoiceProps {
  label: string;
  value: string | null;
  options: Option[];
  /** A value that stands can be exchanged, not taken away. */
  isRequired?: boolean;
  onSave: (value: string | null) => void;
}

/** A value on a record page that is chosen from a list; quiet until it is pointed at. */
export function InlineChoice({ label, value, options, isRequired = false, onSave }: InlineChoiceProps) {
  const mayWrite = useMay("write");
  // What a source wrote and no option means stays among the options.
  const isKnown = value === null || options.some((option) => option.value === value);
  return (
    <Select
      aria-label={label}
      value={value ?? ""}
      disabled={!mayWrite}
      onChange={(event) => onSave(event.target.value || null)}
      className="-mx-1.5 h-6 w-[calc(100%+0.75rem)] appearance-none truncate border-transparent bg-transparent px-1.5 py-0 hover:bg-hover phone:h-6"
    >
      {(!isRequired || value === null) && <option value="">—</option>}
      {!isKnown && <option value={value}>{value}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </Select>
  );
}
