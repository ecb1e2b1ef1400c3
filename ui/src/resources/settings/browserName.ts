/** The browser and its system by the names that people know them by; null where neither is known. */
export function browserName(userAgent: string | null): string | null {
  if (!userAgent) return null;
  const named = (names: [string, RegExp][]) => names.find(([, mark]) => mark.test(userAgent))?.[0];
  // Browsers name those that they resemble too, so that the order counts.
  const browser = named([
    ["Edge", /Edg/],
    ["Opera", /OPR\//],
    ["Firefox", /Firefox|FxiOS/],
    ["Chrome", /Chrome|CriOS/],
    ["Safari", /Safari/],
  ]);
  const system = named([
    ["Android", /Android/],
    ["iPhone", /iPhone/],
    ["iPad", /iPad/],
    ["Windows", /Windows/],
    ["macOS", /Mac OS X/],
    ["Linux", /Linux/],
  ]);
  return [browser, system].filter(Boolean).join(" · ") || userAgent;
}
