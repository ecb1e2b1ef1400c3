import type { roles } from "@/i18n/rights/en";
import type { OwnedKind } from "@/api/types";
import type { FieldState } from "./accessModel";

/** A field that rules may be made for; the server has the same list. */
interface RuledField {
  name: string;
  /** Whether it may be hidden, too: names, owners and what lists are ranked by are always seen. */
  mayBeHidden: boolean;
  /** Whether no record is made without it. */
  isNeeded?: boolean;
}

/** Fields that all workspaces have. */
type FieldText = keyof typeof roles.fields.name;
interface OwnField extends RuledField {
  /** What it is called on the screens of its kind of record. */
  text: FieldText;
}

const shown = (name: string, text = name as FieldText): OwnField => ({ name, text, mayBeHidden: false });
const hideable = (name: FieldText): OwnField => ({ name, text: name, mayBeHidden: true });
const needed = (name: string, text = name as FieldText): OwnField => ({
  ...shown(name, text),
  isNeeded: true,
});

export const RULED: Record<OwnedKind, OwnField[]> = {
  contact: [
    needed("name"),
    shown("first_name"),
    shown("last_name"),
    hideable("email"),
    hideable("phone"),
    hideable("title"),
    shown("company_id"),
    shown("owner_id"),
    hideable("address"),
    hideable("tags"),
    hideable("language"),
  ],
  company: [
    needed("name"),
    hideable("domain"),
    hideable("industry"),
    hideable("n_employees"),
    shown("owner_id"),
    hideable("address"),
    hideable("tags"),
  ],
  deal: [
    needed("name"),
    hideable("amount"),
    hideable("expected_close_on"),
    shown("contact_id"),
    shown("company_id"),
    shown("owner_id"),
  ],
  ticket: [
    needed("subject"),
    hideable("body"),
    shown("status"),
    shown("priority"),
    shown("channel"),
    shown("contact_id"),
    shown("owner_id"),
  ],
  task: [
    needed("title", "task"),
    shown("status"),
    shown("priority"),
    shown("due_on"),
    shown("subject", "about"),
    shown("owner_id"),
  ],
};

/** The states that a field may have in a role that makes new records of its kind, or makes none. */
export function statesOf({ mayBeHidden, isNeeded }: RuledField, makes: boolean): FieldState[] {
  if (isNeeded && makes) return ["edit"];
  return mayBeHidden ? ["edit", "read_only", "hidden"] : ["edit", "read_only"];
}

/** A custom field among the others. */
export const customField = (key: string): RuledField => ({ name: `custom.${key}`, mayBeHidden: true });
