type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A record after a JSON merge patch (RFC 7396), kept to what a screen needs: `null` empties a field
 * instead of removing it.
 */
export function mergePatch<T extends object>(record: T, change: object): T {
  const merged: Plain = { ...(record as Plain) };
  for (const [key, value] of Object.entries(change)) {
    const old = merged[key];
    merged[key] = isPlain(value) && isPlain(old) ? mergePatch(old, value) : value;
  }
  return merged as T;
}

/** What a change's key means now: a record shows `company` where a change says `company_id`. */
function valueOf(record: Plain, key: string): unknown {
  const reference = record[key.replace(/_id$/, "")];
  return key.endsWith("_id") && isPlain(reference) ? reference.id : (record[key] ?? null);
}

/** The patch that takes `change` back. */
export function inversePatch<C extends object>(record: object, change: C): C {
  const inverse: Plain = {};
  for (const [key, value] of Object.entries(change)) {
    const old = valueOf(record as Plain, key);
    inverse[key] = isPlain(value) && isPlain(old) ? inversePatch(old, value) : old;
  }
  return inverse as C;
}
