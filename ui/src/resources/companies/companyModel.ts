/** A whole number as people type it: "1,200", "1 200" or empty. */
export function numberOrNull(text: string): number | null {
  const digits = text.replace(/[\s,.'’_]/g, "");
  return /^\d+$/.test(digits) ? Number(digits) : null;
}
