import { useId, type ComponentProps } from "react";

import type { CustomFieldKind } from "@/api/types";
import { Checkbox } from "@/components/ui/Checkbox";
import { Field, Input, Note, Select, Textarea } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { optionsOf, type Draft } from "./customModel";

interface CustomInputProps {
  type: CustomFieldKind;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  isRequired?: boolean;
  draft: Draft;
  onChange: (draft: Draft) => void;
}

/** A labelled control of a form for a value of a custom field's type. */
export function CustomInput(props: CustomInputProps) {
  const { type, label, hint, error, isRequired = false, draft, onChange } = props;
  if (Array.isArray(draft)) return <Ticks {...props} chosen={draft} />;
  const isWide = type.kind === "long_text";
  return (
    <Field
      label={label}
      error={error}
      {...(hint ? { hint } : {})}
      {...(isWide ? { className: "sm:col-span-2" } : {})}
    >
      {(control) => {
        const shared = { ...control, required: isRequired, value: draft };
        if (type.kind === "choice" || type.kind === "boolean")
          return <Choice {...shared} type={type} onChange={(event) => onChange(event.target.value)} />;
        if (isWide)
          return <Textarea {...shared} rows={3} onChange={(event) => onChange(event.target.value)} />;
        return (
          <Input
            {...shared}
            {...looksOf(type.kind)}
            autoComplete="off"
            onChange={(event) => onChange(event.target.value)}
          />
        );
      }}
    </Field>
  );
}

/** How a text of a type is typed; addresses and numbers of phones are checked by the server, in words. */
function looksOf(kind: CustomFieldKind["kind"]): ComponentProps<"input"> {
  switch (kind) {
    case "number":
      return { type: "number", step: "any" };
    case "integer":
      return { type: "number", step: 1 };
    case "date":
      return { type: "date" };
    case "timestamp":
      return { type: "datetime-local" };
    case "url":
      return { type: "text", inputMode: "url" };
    case "email":
      return { type: "text", inputMode: "email" };
    case "phone":
      return { type: "tel" };
    default:
      return { type: "text" };
  }
}

function Choice({ type, ...rest }: ComponentProps<"select"> & { type: CustomFieldKind }) {
  const t = useT();
  const options =
    type.kind === "boolean"
      ? [
          { value: "true", label: t("custom.yes") },
          { value: "false", label: t("custom.no") },
        ]
      : optionsOf(type);
  return (
    <Select {...rest}>
      <option value="">—</option>
      {options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </Select>
  );
}

function Ticks({ type, label, hint, error, chosen, onChange }: CustomInputProps & { chosen: string[] }) {
  const id = useId();
  const note = error ?? hint;
  return (
    <fieldset className="sm:col-span-2" {...(note ? { "aria-describedby": id } : {})}>
      <legend className="mb-1 text-xs font-medium text-ink-2">{label}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-2">
        {optionsOf(type).map((option) => (
          <label key={option.value} className="flex items-center gap-2">
            <Checkbox
              aria-label={option.label}
              checked={chosen.includes(option.value)}
              onCheckedChange={(isTicked) =>
                onChange(
                  isTicked === true
                    ? [...chosen, option.value]
                    : chosen.filter((other) => other !== option.value),
                )
              }
            />
            {option.label}
          </label>
        ))}
      </div>
      <Note id={id} hint={hint} error={error} />
    </fieldset>
  );
}
