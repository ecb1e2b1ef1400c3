/** Regions that have a code and a name but are no country: unions, test locales, the unknown. */
const NO_COUNTRIES = new Set(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"]);

/** How sources write a country beside its code and its names in English and Chinese. */
const OTHER_NAMES: Record<string, string[]> = {
  AE: ["UAE"],
  CI: ["Ivory Coast"],
  CN: ["PRC", "Mainland China"],
  CZ: ["Czech Republic"],
  GB: ["Great Britain", "England"],
  HK: ["中国香港"],
  IE: ["EIRE", "Republic of Ireland"],
  KR: ["Korea", "Republic of Korea"],
  MO: ["Macau", "中国澳门"],
  NL: ["Holland", "The Netherlands"],
  RU: ["Russian Federation"],
  TR: ["Turkey"],
  TW: ["中国台湾"],
  US: ["USA", "United States of America"],
  VN: ["Viet Nam"],
  ZA: ["RSA"],
};

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

interface Table {
  /** All ways to write a country, by its code; the code comes first. */
  spellings: Map<string, string[]>;
  /** The code, by any way to write the country in small letters. */
  codes: Map<string, string>;
}

let made: Table | null = null;

/** Made from what the browser knows, on first use: 26 × 26 look-ups in four name lists. */
function table(): Table {
  if (made) return made;
  const names = ["en", "zh-CN"].flatMap((locale) =>
    (["long", "short"] as const).map(
      (style) => new Intl.DisplayNames(locale, { type: "region", fallback: "none", style }),
    ),
  );
  made = { spellings: new Map(), codes: new Map() };
  for (const code of LETTERS.flatMap((first) => LETTERS.map((second) => first + second))) {
    const known = names.flatMap((list) => list.of(code) ?? []);
    // A code of the past ("DD") stands for one of today; only today's are countries.
    const isCurrent = Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
    if (known.length === 0 || !isCurrent || NO_COUNTRIES.has(code)) continue;
    const spellings = [...new Set([code, ...known, ...(OTHER_NAMES[code] ?? [])])];
    made.spellings.set(code, spellings);
    for (const spelling of spellings) made.codes.set(spelling.toLowerCase(), code);
  }
  return made;
}

/** The two-letter code of a country that is written as a code or a name, in English or Chinese. */
export function countryCode(text: string): string | null {
  return table().codes.get(text.trim().toLowerCase()) ?? null;
}

/** All ways in which sources write a country, its code first. */
export function spellingsOf(code: string): string[] {
  return table().spellings.get(code) ?? [code];
}

export function countryCodes(): string[] {
  return [...table().spellings.keys()];
}
