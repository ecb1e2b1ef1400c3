import type { roles } from "@/i18n/rights/en";
import type { OwnedKind } from "@/api/types";
import type { FieldState } from "./accessModel";

/** A field that rules may be made for; the server has the same list. */
interface RuledField<Name extends string = string> {
  name: Name;
  /** Whether it may be hidden, too: names, owners and what lists are ranked by are always seen. */
  mayBeHidden: boolean;
  /** Whether no record is made without it. */
  isNeeded?: boolean;
}

/** Fields that all workspaces have, by their names in the texts. */
type OwnField = RuledField<keyof typeof roles.fields.name>;

const shown = (name: OwnField["name"]): OwnField => ({ name, mayBeHidden: false });
const hideable = (name: OwnField["name"]): OwnField => ({ name, mayBeHidden: true });
const needed = (name: OwnField["name"]): OwnField => ({ name, mayBeHidden: false, isNeeded: true });

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
    needed("title"),
    shown("status"),
    shown("priority"),
    shown("due_on"),
    shown("subject"),
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
