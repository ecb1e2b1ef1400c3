/**
 * A search for an address that only this moment tells. The router's types know those of fixed addresses
 * only, so here is the one place that goes around them.
 */
export const asSearch = (search: object) => search as never;

/** The address's search part, as plain repeated parameters instead of JSON, so that people can read it. */
export function parseSearch(text: string): Record<string, unknown> {
  const search: Record<string, string | string[]> = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const known = search[key];
    search[key] = known === undefined ? value : [known, value].flat();
  }
  return search;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const one of [value].flat()) {
      if (one !== undefined && one !== null && one !== "") parameters.append(key, String(one));
    }
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
