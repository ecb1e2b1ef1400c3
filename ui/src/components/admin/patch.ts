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

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

const isSame = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * The patch that takes `change` back from the record as it is `now`, or null where a field no longer
 * holds what the change wrote. Labels are taken back one by one, so those that others set stay.
 */
export function undoPatch<C extends object>(change: C, before: object, saved: object, now: object): C | null {
  const back: Plain = {};
  for (const key of Object.keys(change)) {
    const [old, written, present] = [before, saved, now].map((record) => valueOf(record as Plain, key));
    if (isPlain(written) && isPlain(old) && isPlain(present)) {
      const inner = undoPatch((change as Plain)[key] as object, old, written, present);
      if (inner === null) return null;
      back[key] = inner;
    } else if (isTexts(written) && isTexts(old) && isTexts(present)) {
      const kept = present.filter((label) => old.includes(label) || !written.includes(label));
      const lost = old.filter((label) => !written.includes(label) && !kept.includes(label));
      back[key] = [...kept, ...lost];
    } else if (isSame(written, present)) back[key] = old;
    else return null;
  }
  return back as C;
}
