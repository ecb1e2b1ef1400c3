/**
 * A whole number as people type it: "1200", "1,200", "1.200" or "1 200". Null where nothing is typed,
 * undefined where it is something else: "12.5" is no 125.
 */
export function wholeNumber(text: string): number | null | undefined {
  const typed = text.trim();
  if (typed === "") return null;
  const isWhole = /^(\d+|\d{1,3}([\s,.'’]\d{3})+)$/.test(typed);
  return isWhole ? Number(typed.replace(/\D/g, "")) : undefined;
}
