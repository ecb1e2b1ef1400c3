import type { Condition, ListResource } from "../dataProvider";
import type * as Wire from "../types";
import type { MemoryData } from "./company";

/** A change as the record shows it: a company and an owner by name, not only by id. */
export function shown(data: MemoryData, change: object): object {
  const { company_id, owner_id, ...rest } = change as Wire.ContactPatch;
  return {
    ...rest,
    ...(company_id === undefined ? {} : { company: reference(data.companies, company_id) }),
    ...(owner_id === undefined ? {} : { owner: reference(data.users, owner_id) }),
  };
}

function reference(all: Wire.Reference[], id: string | null): Wire.Reference | null {
  const found = all.find((one) => one.id === id);
  return found ? { id: found.id, name: found.name } : null;
}

/** Orders know their customer's company only through the customer. */
export function throughContacts(
  data: MemoryData,
  resource: ListResource,
  conditions: Condition[],
): Condition[] {
  if (resource !== "orders") return conditions;
  return conditions.map((condition) => {
    if (condition.field !== "company_id") return condition;
    const people = data.contacts.filter(({ company }) => company?.id === condition.value);
    return { field: "contact_id", op: "in", value: people.map(({ id }) => id).join(",") };
  });
}
