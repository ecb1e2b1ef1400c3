import { OPERATORS, type Condition, type ListQuery, type Operator } from "@/api/dataProvider";

/** What of a list stands in the address: the same address shows the same list. */
export interface ListSearch {
  q?: string;
  sort?: string;
  /** Conditions as in the API: `country:eq:France`. */
  filter?: string[];
  /** Groups of conditions of which one must hold: each a JSON list of such texts. */
  any?: string[];
  /** Visible columns, by comma. */
  cols?: string;
}

/** Stands for the conditions of a list that narrows by itself when the reader asks for everything. */
const ALL = "all";

/** The state that an address means; one without conditions means the list's own. */
export function withDefaults(address: ListSearch, defaultFilter?: string[]): ListSearch {
  return defaultFilter && !address.filter ? { ...address, filter: defaultFilter } : address;
}

/** The address of a state: the list's own conditions are not written, none at all are. */
export function toAddress({ filter, ...search }: ListSearch, defaultFilter?: string[]): ListSearch {
  if (!defaultFilter) return filter ? { ...search, filter } : search;
  if (filter?.join() === defaultFilter.join()) return search;
  return { ...search, filter: filter?.length ? filter.filter((text) => text !== ALL) : [ALL] };
}

/** Reads search parameters of unknown make; what makes no sense is dropped. */
export function parseListSearch(raw: Record<string, unknown>): ListSearch {
  const search: ListSearch = {};
  const q = textOf(raw.q);
  if (q) search.q = q;
  const sort = textOf(raw.sort);
  if (sort && /^-?[a-z][a-z0-9_.]*$/.test(sort)) search.sort = sort;
  const filter = [raw.filter]
    .flat()
    .map(textOf)
    .filter((text) => text === ALL || parseCondition(text) !== null);
  if (filter.length > 0) search.filter = filter;
  const any = [raw.any]
    .flat()
    .map(textOf)
    .filter((text) => parseGroup(text).length > 0);
  if (any.length > 0) search.any = any;
  const cols = textOf(raw.cols);
  if (cols) search.cols = cols;
  return search;
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Values may hold colons (instants do), so only the first two part the text. */
export function parseCondition(text: string): Condition | null {
  const [, field, op, value] = /^([a-z][a-z0-9_.]*):([a-z_]+)(?::(.*))?$/s.exec(text) ?? [];
  if (field === undefined || !OPERATORS.includes(op as Operator)) return null;
  return { field, op: op as Operator, value: value ?? "" };
}

const parseConditions = (texts: unknown[]): Condition[] =>
  texts.map((text) => parseCondition(textOf(text))).filter((condition) => condition !== null);

function parseGroup(text: string): Condition[] {
  try {
    const texts: unknown = JSON.parse(text);
    return Array.isArray(texts) ? parseConditions(texts) : [];
  } catch {
    return [];
  }
}

/** The conditions that all must hold. */
export const conditionsOf = (search: ListSearch): Condition[] => parseConditions(search.filter ?? []);

/** Of each group one condition must hold; most are of one. */
export const groupsOf = (search: ListSearch): Condition[][] => [
  ...conditionsOf(search).map((condition) => [condition]),
  ...(search.any ?? []).map(parseGroup),
];

/** The state with these groups; empty ones and repeats are left out. */
export function withGroups({ filter: _, any: __, ...search }: ListSearch, groups: Condition[][]): ListSearch {
  const texts = groups.map((group) => [...new Set(group.map(write))]);
  const filter = [...new Set(texts.filter((group) => group.length === 1).flat())];
  const any = [...new Set(texts.filter((group) => group.length > 1).map((group) => JSON.stringify(group)))];
  return {
    ...search,
    ...(filter.length > 0 ? { filter } : {}),
    ...(any.length > 0 ? { any } : {}),
  };
}

const write = ({ field, op, value }: Condition) => `${field}:${op}:${value}`;

/** Ascending, then descending, then the list's own order again. */
export function nextSort(sort: string | undefined, field: string): string | undefined {
  if (sort === field) return `-${field}`;
  if (sort === `-${field}`) return undefined;
  return field;
}

export function sortDirection(sort: string | undefined, field: string): "ascending" | "descending" | "none" {
  if (sort === field) return "ascending";
  return sort === `-${field}` ? "descending" : "none";
}

/** What to ask of the data provider; `searchBy` names a field where there is no search over all. */
export function toListQuery(search: ListSearch, defaultSort: string, searchBy?: string): ListQuery {
  const filter = conditionsOf(search);
  const anyOf = (search.any ?? []).map(parseGroup);
  if (search.q && searchBy) filter.push({ field: searchBy, op: "contains", value: search.q });
  return {
    sort: search.sort ?? defaultSort,
    ...(filter.length > 0 ? { filter } : {}),
    ...(anyOf.length > 0 ? { anyOf } : {}),
    ...(search.q && !searchBy ? { search: search.q } : {}),
  };
}
