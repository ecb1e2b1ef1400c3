import type { SurvivorshipPatch, SurvivorshipRule, SurvivorshipSettings } from "@/api/types";

export const RULES: SurvivorshipRule[] = ["survivor", "most_recent", "most_trusted", "most_complete"];

/** Fields in the order in which they are shown; custom ones follow. */
export const FIELDS = ["name", "email", "phone", "title", "company", "owner", "address", "language"];
export const CUSTOM = "custom";

/** Fields of which one value never says more than another. */
const SINGLE = ["email", "phone", "company", "owner", "language"];

/** The rules that make a difference for a field. */
export const rulesFor = (field: string): SurvivorshipRule[] =>
  SINGLE.includes(field) ? RULES.filter((rule) => rule !== "most_complete") : RULES;

/** The rule that a field without its own follows, and whose that is. */
export function followed(
  field: string,
  rules: SurvivorshipSettings,
): { rule: SurvivorshipRule; of: "custom" | "usual" } {
  const custom = field.startsWith(`${CUSTOM}.`) ? rules.fields[CUSTOM] : undefined;
  return custom ? { rule: custom, of: "custom" } : { rule: rules.usual, of: "usual" };
}

/** Rules with what was chosen here. */
export function withChanges(rules: SurvivorshipSettings, change: SurvivorshipPatch): SurvivorshipSettings {
  const fields = Object.entries({ ...rules.fields, ...change.fields });
  return {
    usual: change.usual ?? rules.usual,
    fields: Object.fromEntries(fields.flatMap(([field, rule]) => (rule ? [[field, rule]] : []))),
    trusted_sources: change.trusted_sources ?? rules.trusted_sources,
  };
}

/** Only what differs: somebody else may have changed the rest. Undefined where nothing does. */
export function changesOf(
  rules: SurvivorshipSettings,
  change: SurvivorshipPatch,
): SurvivorshipPatch | undefined {
  const fields = Object.fromEntries(
    Object.entries(change.fields ?? {}).filter(([field, rule]) => (rules.fields[field] ?? null) !== rule),
  );
  const isUsual = !change.usual || change.usual === rules.usual;
  const trusted = change.trusted_sources;
  const isTrust = !trusted || trusted.join() === rules.trusted_sources.join();
  if (isUsual && isTrust && Object.keys(fields).length === 0) return undefined;
  return {
    ...(isUsual ? {} : { usual: change.usual! }),
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    ...(isTrust ? {} : { trusted_sources: trusted }),
  };
}

/** A list with one of its items a place up (-1) or down (1). */
export function moved(ids: string[], id: string, by: -1 | 1): string[] {
  const at = ids.indexOf(id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= ids.length) return ids;
  return ids.toSpliced(at, 1).toSpliced(to, 0, id);
}
