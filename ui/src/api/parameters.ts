import { whole } from "./absent";
import type { Condition, ListQuery, Page, PageRequest } from "./dataProvider";
import type * as Wire from "./types";

const PAGE_SIZE = 50;

const writeCondition = ({ field, op, value }: Condition) => `${field}:${op}:${value}`;

export function pageParameters({ cursor, limit = PAGE_SIZE }: PageRequest) {
  return { limit, ...(cursor ? { cursor } : {}) };
}

/** Whether a condition means other records in another time zone. */
const isOfCalendar = ({ op }: Condition) =>
  ["between", "in_last", "in_next", "older_than", "during"].includes(op);

const readersZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Only the first page asks for a count: the later ones would count the same rows again. */
export const listParameters = (query: ListQuery, request: PageRequest) => ({
  ...pageParameters(request),
  ...queryParameters(query),
  ...(request.cursor ? {} : { count: "estimate" as const }),
});

export function queryParameters({ filter = [], anyOf = [], sort, search }: ListQuery) {
  const groups = anyOf.map((or) => ({ or }));
  return {
    ...(filter.length > 0 ? { filter: filter.map(writeCondition) } : {}),
    ...(groups.length > 0 ? { where: JSON.stringify({ and: groups }) } : {}),
    ...(filter.concat(...anyOf).some(isOfCalendar) ? { time_zone: readersZone() } : {}),
    ...(sort ? { sort } : {}),
    ...(search ? { search } : {}),
  };
}

/** Every list answers its items under its plural name, beside `meta`. */
export function toPage<T>(answer: { meta: Wire.Meta }, key: string): Page<T> {
  const rows = (answer as unknown as Record<string, (T & object)[] | undefined>)[key] ?? [];
  const items = rows.map((row) => whole<T & object>(key, row));
  return { items, nextCursor: answer.meta.next_cursor, estimate: answer.meta.estimate };
}
