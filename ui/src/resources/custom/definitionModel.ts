import type {
  CustomField,
  CustomFieldInput,
  CustomFieldKind,
  CustomFieldPatch,
  LocalizedText,
} from "@/api/types";
import { splitTags } from "@/components/admin/columns";
import {
  draftOf,
  hasOptions,
  keyOf,
  meant,
  optionsOf,
  type CustomObject,
  type Draft,
  type KindName,
} from "./customModel";

/** What may be asked of a field beside its type. */
export const RULES = ["is_required", "is_unique", "is_indexed", "is_searchable"] as const;
export type Rule = (typeof RULES)[number];

/** A definition in its form, until it is sent. */
export interface Definition {
  en: string;
  zh: string;
  /** As typed; the English name makes one where nothing was typed. */
  key: string;
  kind: KindName;
  /** The options that stay, in their order, with what they are called where it is something else. */
  options: { value: string; label: string }[];
  /** Options to add, with commas between them. */
  added: string;
  helpEn: string;
  helpZh: string;
  rules: Record<Rule, boolean>;
  default: Draft;
}

export const BLANK: Definition = {
  en: "",
  zh: "",
  key: "",
  kind: "text",
  options: [],
  added: "",
  helpEn: "",
  helpZh: "",
  rules: { is_required: false, is_unique: false, is_indexed: false, is_searchable: false },
  default: "",
};

/** Values of a type as files spell them, the narrowest type first. */
const SPELLED: [KindName, RegExp][] = [
  ["boolean", /^(true|false|yes|no|是|否)$/i],
  // What begins with a nought is a number that names something: a code, a phone number.
  ["integer", /^-?(0|[1-9]\d{0,14})$/],
  ["number", /^-?(0|[1-9]\d{0,14})(\.\d+)?$/],
  ["date", /^\d{4}-\d{2}-\d{2}$/],
  ["timestamp", /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/],
  ["email", /^[^\s@]+@[^\s@]+\.[^\s@]+$/],
  ["url", /^https?:\/\/\S+$/i],
];

/** What a field for a column of a file might be: called as the column is, of the type that its values have. */
export function suggestedFor(column: string, samples: string[]): Definition {
  const name = column.trim();
  const isChinese = /\p{Script=Han}/u.test(name);
  const fits = ([, spelling]: (typeof SPELLED)[number]) => samples.every((value) => spelling.test(value));
  const kind = (samples.length > 0 && SPELLED.find(fits)?.[0]) || "text";
  return { ...BLANK, kind, [isChinese ? "zh" : "en"]: name };
}

/** The form of a field that is there. */
export function definitionOf(field: CustomField): Definition {
  const { label, help, type, key } = field;
  const labels = "labels" in type ? type.labels : {};
  return {
    en: label.en,
    zh: ownChinese(label),
    key,
    kind: type.kind,
    options: "options" in type ? type.options.map((value) => ({ value, label: labels[value] ?? "" })) : [],
    added: "",
    helpEn: help?.en ?? "",
    helpZh: help ? ownChinese(help) : "",
    rules: {
      is_required: field.is_required,
      is_unique: field.is_unique,
      is_indexed: field.is_indexed,
      is_searchable: field.is_searchable,
    },
    default: draftOf(type, field.default),
  };
}

/** Where the English stands for the Chinese, it goes on to do so when it is changed. */
const ownChinese = ({ en, zh }: LocalizedText) => (zh === en ? "" : zh);

/** The type with all its options. */
export function typeOf({ kind, options, added }: Definition): CustomFieldKind {
  if (!hasOptions(kind)) return { kind } as CustomFieldKind;
  const labelled = options.flatMap(({ value, label }) => (label.trim() ? [[value, label.trim()]] : []));
  return {
    kind: kind as "choice" | "multiple_choice",
    options: [...options.map(({ value }) => value), ...splitTags(added)],
    labels: Object.fromEntries(labelled),
  };
}

/** What can be asked of values of a type: long texts do not sort, and only contacts and companies are searched. */
export function rulesFor(object: CustomObject, kind: KindName): Rule[] {
  const isText = ["text", "long_text", "url", "email", "phone"].includes(kind);
  const isPossible: Record<Rule, boolean> = {
    is_required: true,
    is_unique: !hasOptions(kind) && kind !== "boolean" && kind !== "long_text",
    is_indexed: kind !== "long_text" && kind !== "multiple_choice",
    is_searchable: isText && (object === "contact" || object === "company"),
  };
  return RULES.filter((rule) => isPossible[rule]);
}

/** The definition with another type; what was said for the old one alone goes. */
export function withKind(object: CustomObject, definition: Definition, kind: KindName): Definition {
  const possible = rulesFor(object, kind);
  const rules = { ...definition.rules };
  for (const rule of RULES) rules[rule] &&= possible.includes(rule);
  const next = { ...definition, kind, rules, added: "" };
  return { ...next, default: draftOf(typeOf(next), null) };
}

/** The definition with other options to add; a usual value that is no option any more goes. */
export function withAdded(definition: Definition, added: string): Definition {
  const next = { ...definition, added };
  const isOption = (value: string) => optionsOf(typeOf(next)).some((option) => option.value === value);
  const usual = next.default;
  if (Array.isArray(usual)) return { ...next, default: usual.filter(isOption) };
  return { ...next, default: isOption(usual) ? usual : "" };
}

/** Whether the usual value can be sent: it is none, or one of the type. */
export const isDefaultRight = (definition: Definition) =>
  definition.rules.is_unique || meant(typeOf(definition), definition.default) !== undefined;

/** What both a new field and a change of one say. */
function saidOf(definition: Definition) {
  const type = typeOf(definition);
  return {
    label: bothOf(definition.en, definition.zh) ?? { en: "", zh: "" },
    help: bothOf(definition.helpEn, definition.helpZh),
    type,
    ...definition.rules,
    // What no two records may have alike is no usual value.
    default: definition.rules.is_unique ? null : (meant(type, definition.default) ?? null),
  };
}

/** A text in both languages, of which one may stand for the other; null where neither is there. */
function bothOf(english: string, chinese: string): LocalizedText | null {
  const [en, zh] = [english.trim(), chinese.trim()];
  return en || zh ? { en: en || zh, zh: zh || en } : null;
}

/** The new field. */
export const inputOf = (object: CustomObject, definition: Definition): CustomFieldInput => ({
  object,
  key: shownKey(definition),
  ...saidOf(definition),
});

/** The key that is typed, or follows from the English name. */
export const shownKey = ({ key, en }: Definition) => key || keyOf(en);

/** What the form changes of a field. */
export function patchOf(field: CustomField, definition: Definition): CustomFieldPatch {
  const before = saidOf(definitionOf(field));
  const after = saidOf(definition);
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof before]),
  );
  return Object.fromEntries(changed);
}

/** The options with one of them moved. */
export function moved<T>(all: T[], from: number, to: number): T[] {
  const order = [...all];
  order.splice(to, 0, ...order.splice(from, 1));
  return order;
}
