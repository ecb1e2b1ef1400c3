import { ArrowDown, ArrowUp } from "lucide-react";
import { useId } from "react";

import { IconButton } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Field, Input, Note } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { RequiredChoiceField, TextField } from "@/resources/pickers/fields";
import { CustomInput } from "./CustomInput";
import { hasOptions, KINDS, type CustomObject } from "./customModel";
import {
  isDefaultRight,
  moved,
  rulesFor,
  shownKey,
  typeOf,
  withAdded,
  withKind,
  type Definition,
  type Rule,
} from "./definitionModel";

/** Where the server finds fault, by the control that can mend it. */
export const POINTERS = {
  en: "label/en",
  zh: "label/zh",
  key: "key",
  options: "labels",
  added: "options",
  helpEn: "help/en",
  helpZh: "help/zh",
  default: "default",
  is_required: "is_required",
  is_unique: "is_unique",
  is_indexed: "is_indexed",
  is_searchable: "is_searchable",
} as const;
export type Errors = { [name in keyof typeof POINTERS]?: string | undefined };

const RULE_WORDS = {
  is_required: "custom.required",
  is_unique: "custom.unique",
  is_indexed: "custom.indexed",
  is_searchable: "custom.searchable",
} as const satisfies Record<Rule, string>;

interface DefinitionFieldsProps {
  object: CustomObject;
  /** Key and type are chosen once. */
  isNew: boolean;
  definition: Definition;
  errors: Errors;
  onChange: (definition: Definition) => void;
}

/** The controls of a definition. */
export function DefinitionFields({ object, isNew, definition, errors, onChange }: DefinitionFieldsProps) {
  const t = useT();
  const set = (change: Partial<Definition>) => onChange({ ...definition, ...change });
  const bind = (name: "en" | "zh" | "helpEn" | "helpZh") => ({
    value: definition[name],
    error: errors[name],
    onChange: (value: string) => set({ [name]: value }),
  });
  const { kind, options, rules } = definition;
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField label={t("custom.labelEn")} {...bind("en")} autoFocus />
        <TextField label={t("custom.labelZh")} {...bind("zh")} />
        {isNew && (
          <>
            <Field label={t("custom.key")} hint={t("custom.keyHint")} error={errors.key}>
              {(props) => (
                <Input
                  {...props}
                  required
                  autoComplete="off"
                  value={shownKey(definition)}
                  onChange={(event) => set({ key: event.target.value })}
                />
              )}
            </Field>
            <RequiredChoiceField
              label={t("custom.type")}
              value={kind}
              options={KINDS.map((value) => ({ value, label: t(`custom.kind.${value}`) }))}
              onChange={(next) => onChange(withKind(object, definition, next))}
            />
          </>
        )}
        {options.length > 0 && (
          <OptionList options={options} error={errors.options} onChange={(next) => set({ options: next })} />
        )}
        {hasOptions(kind) && (
          <Field
            label={t(isNew ? "custom.options" : "custom.newOptions")}
            hint={t(isNew ? "custom.optionsHint" : "custom.optionsStay")}
            error={errors.added}
            className="sm:col-span-2"
          >
            {(props) => (
              <Input
                {...props}
                required={isNew}
                autoComplete="off"
                value={definition.added}
                onChange={(event) => onChange(withAdded(definition, event.target.value))}
              />
            )}
          </Field>
        )}
        <TextField label={t("custom.help")} {...bind("helpEn")} />
        <TextField label={t("custom.helpZh")} {...bind("helpZh")} />
        {!rules.is_unique && (
          <CustomInput
            type={typeOf(definition)}
            label={t("custom.default")}
            hint={t("custom.defaultHint")}
            error={
              isDefaultRight(definition)
                ? errors.default
                : t("custom.refused", { kind: t(`custom.kind.${kind}`) })
            }
            draft={definition.default}
            onChange={(next) => set({ default: next })}
          />
        )}
      </div>
      <ul className="grid gap-2">
        {rulesFor(object, kind).map((rule) => (
          <li key={rule}>
            <label className="flex items-center gap-2">
              <Checkbox
                aria-label={t(RULE_WORDS[rule])}
                checked={rules[rule]}
                onCheckedChange={(isAsked) => set({ rules: { ...rules, [rule]: isAsked === true } })}
              />
              {t(RULE_WORDS[rule])}
            </label>
            {errors[rule] && (
              <p role="alert" className="text-xs text-bad">
                {errors[rule]}
              </p>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

interface OptionListProps {
  options: Definition["options"];
  error: string | undefined;
  onChange: (options: Definition["options"]) => void;
}

/** The options that records may hold: to be put in order and called otherwise. */
function OptionList({ options, error, onChange }: OptionListProps) {
  const t = useT();
  const id = useId();
  return (
    <fieldset className="sm:col-span-2" {...(error ? { "aria-describedby": id } : {})}>
      <legend className="mb-1 text-xs font-medium text-ink-2">{t("custom.optionNames")}</legend>
      <ol className="scrollbar-thin grid max-h-56 gap-1.5 overflow-y-auto">
        {options.map(({ value, label }, idx) => (
          <li key={value} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-center gap-1.5">
            <span className="truncate" title={value}>
              {value}
            </span>
            <Input
              aria-label={t("custom.optionName", { option: value })}
              placeholder={value}
              maxLength={100}
              autoComplete="off"
              value={label}
              onChange={(event) => onChange(options.with(idx, { value, label: event.target.value }))}
            />
            <span className="flex">
              <IconButton
                label={t("custom.up", { name: value })}
                disabled={idx === 0}
                onClick={() => onChange(moved(options, idx, idx - 1))}
              >
                <ArrowUp />
              </IconButton>
              <IconButton
                label={t("custom.down", { name: value })}
                disabled={idx === options.length - 1}
                onClick={() => onChange(moved(options, idx, idx + 1))}
              >
                <ArrowDown />
              </IconButton>
            </span>
          </li>
        ))}
      </ol>
      <Note id={id} error={error} />
    </fieldset>
  );
}
