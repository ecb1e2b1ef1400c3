import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { CustomFieldInput, CustomFieldKind } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { splitTags } from "@/components/admin/columns";
import { messageOf } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Field, Input, Select } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { hasOptions, keyOf, KINDS, type CustomObject, type KindName } from "./customModel";

const BLANK = { en: "", zh: "", key: "", kind: "text" as KindName, options: "" };
const RULES = ["is_required", "is_unique", "is_indexed", "is_searchable"] as const;
type Rule = (typeof RULES)[number];
const WORDS = {
  is_required: "custom.required",
  is_unique: "custom.unique",
  is_indexed: "custom.indexed",
  is_searchable: "custom.searchable",
} as const satisfies Record<Rule, string>;

const typeOf = (kind: KindName, options: string): CustomFieldKind =>
  kind === "choice" || kind === "multiple_choice"
    ? { kind, options: splitTags(options), labels: {} }
    : { kind };

/** A new field of an object. */
export function CustomFieldForm({ object }: { object: CustomObject }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const [form, setForm] = useState(BLANK);
  const [rules, setRules] = useState<Partial<Record<Rule, boolean>>>({});
  const set = (change: Partial<typeof BLANK>) => setForm({ ...form, ...change });
  const key = form.key || keyOf(form.en);
  const create = useMutation({
    mutationFn: (field: CustomFieldInput) => data.createCustomField(field),
    onSuccess: (field) => {
      setForm(BLANK);
      setRules({});
      toast.success(t("custom.added", { name: formats.text(field.label) }));
      return client.invalidateQueries({ queryKey: keys.customFields });
    },
  });
  const submit = () =>
    create.mutate({
      object,
      key,
      label: { en: form.en.trim() || form.zh.trim(), zh: form.zh.trim() || form.en.trim() },
      type: typeOf(form.kind, form.options),
      ...rules,
    });
  const text = (label: string, name: "en" | "zh" | "options", hint?: string) => (
    <Field label={label} {...(hint ? { hint } : {})}>
      {(props) => (
        <Input {...props} value={form[name]} onChange={(event) => set({ [name]: event.target.value })} />
      )}
    </Field>
  );
  return (
    <form className="grid gap-3" onSubmit={(event) => (event.preventDefault(), submit())}>
      <div className="grid items-start gap-3 sm:grid-cols-2">
        {text(t("custom.labelEn"), "en")}
        {text(t("custom.labelZh"), "zh")}
        <Field label={t("custom.key")} hint={t("custom.keyHint")}>
          {(props) => (
            <Input {...props} required value={key} onChange={(event) => set({ key: event.target.value })} />
          )}
        </Field>
        <Field label={t("custom.type")}>
          {(props) => (
            <Select
              {...props}
              value={form.kind}
              onChange={(event) => set({ kind: event.target.value as KindName })}
            >
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`custom.kind.${kind}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {hasOptions(form.kind) && text(t("custom.options"), "options", t("custom.optionsHint"))}
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-2">
        {RULES.map((rule) => (
          <label key={rule} className="flex items-center gap-2">
            <input
              type="checkbox"
              checked={rules[rule] ?? false}
              onChange={(event) => setRules({ ...rules, [rule]: event.target.checked })}
            />
            {t(WORDS[rule])}
          </label>
        ))}
      </div>
      {create.error && (
        <p role="alert" className="text-bad">
          {messageOf(create.error)}
        </p>
      )}
      <Button type="submit" className="justify-self-start" disabled={create.isPending}>
        {t("custom.add")}
      </Button>
    </form>
  );
}
