import type { Instant, Language, LocalizedText, Money, Month } from "@/api/types";
import type { CalendarDate } from "./calendar";
import { countryCode } from "./countries";
import { minorDigits, minorPerMajor } from "./currencies";

/** English dates read "24 Nov 2025", numbers "1,234.5"; Chinese follows the mainland's habit. */
const LOCALES: Record<Language, { dates: string; numbers: string }> = {
  en: { dates: "en-GB", numbers: "en-US" },
  zh: { dates: "zh-CN", numbers: "zh-CN" },
};

const DAY_MS = 86_400_000;

function once<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

export function majorUnits({ amount_minor, currency }: Money): number {
  return amount_minor / minorPerMajor(currency);
}

type MoneyStyle = "exact" | "whole" | "compact";

/** Everything that is written differently in each language and workspace. */
export class Formats {
  readonly #dates: string;
  readonly #numbers: string;

  constructor(
    readonly language: Language,
    /** The workspace's currency, which alone is written by a bare sign; null where it is not known. */
    readonly currency: string | null,
  ) {
    this.#dates = LOCALES[language].dates;
    this.#numbers = LOCALES[language].numbers;
  }

  text(text: LocalizedText): string {
    return text[this.language] || text.en;
  }

  number(value: number, options: Intl.NumberFormatOptions = {}): string {
    // No minus before a zero: what rounds to nothing is neither above nor below it.
    return numberFormat(this.#numbers, { signDisplay: "negative", ...options }).format(value);
  }

  compact(value: number): string {
    return this.number(value, { notation: "compact", maximumFractionDigits: 1 });
  }

  percent(share: number, digits = 0): string {
    return this.number(share, {
      style: "percent",
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  }

  money(money: Money, style: MoneyStyle = "exact"): string {
    return this.major(majorUnits(money), money.currency, style);
  }

  /** An amount in major units; a plain number where the currency is not known. */
  major(value: number, currency: string | null, style: MoneyStyle = "exact"): string {
    const digits = style === "exact" ? minorDigits(currency ?? "") : 0;
    return this.number(value, {
      ...(currency === null ? {} : this.#written(currency)),
      minimumFractionDigits: digits,
      maximumFractionDigits: style === "compact" ? 1 : digits,
      ...(style === "compact" ? { notation: "compact" } : {}),
    });
  }

  /**
   * How a currency is written: "$" in a workspace that keeps its books in Canadian dollars, and then
   * "USD" for those of the United States, which would read the same.
   */
  #written(currency: string): Intl.NumberFormatOptions {
    const sign = (of: string, display: "narrowSymbol" | "symbol") =>
      currencySign(`${this.#numbers} ${of} ${display}`);
    const home = this.currency;
    const isTaken = home !== null && sign(currency, "symbol") === sign(home, "narrowSymbol");
    const currencyDisplay = currency === home ? "narrowSymbol" : isTaken ? "code" : "symbol";
    return { style: "currency", currency, currencyDisplay };
  }

  /** A feature's value with its unit; money features are in major units of the workspace's currency. */
  measure(value: number, unit: string, currency: string | null): string {
    switch (unit) {
      case "money":
        return this.major(value, currency, Math.abs(value) < 100 ? "exact" : "whole");
      case "share":
        return this.percent(value, Math.abs(value) < 0.1 ? 1 : 0);
      case "days":
        return this.number(Math.round(value), { style: "unit", unit: "day", unitDisplay: "long" });
      default:
        return this.number(value, { maximumFractionDigits: 1 });
    }
  }

  /** The names of several things: "Quantity, Ordered at and Price". */
  list(names: string[]): string {
    return listFormat(this.#dates).format(names);
  }

  /** A calendar date, which is the same day everywhere. */
  day(date: CalendarDate): string {
    return dateFormat(this.#dates, {
      day: "numeric",
      month: "short",
      year: "numeric",
      timeZone: "UTC",
    }).format(new Date(`${date}T00:00:00Z`));
  }

  /** The day of an instant where the reader is. */
  date(at: Instant): string {
    return dateFormat(this.#dates, { day: "numeric", month: "short", year: "numeric" }).format(new Date(at));
  }

  dateTime(at: Instant): string {
    return dateFormat(this.#dates, {
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
    }).format(new Date(at));
  }

  /** Day and time of day, where the month stands above. */
  dayTime(at: Instant): string {
    return dateFormat(this.#dates, {
      weekday: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
    }).format(new Date(at));
  }

  time(at: Instant): string {
    return dateFormat(this.#dates, { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
  }

  month(month: Month, style: "short" | "long" = "short"): string {
    return dateFormat(this.#dates, {
      month: style,
      year: style === "long" ? "numeric" : "2-digit",
      timeZone: "UTC",
    }).format(new Date(`${month}-01T00:00:00Z`));
  }

  /** "3 days ago", "in 2 hours", seen from `now`. */
  ago(at: Instant, now: number, style: "long" | "narrow" = "long"): string {
    const difference = Date.parse(at) - now;
    const [size, unit] = relativeUnit(Math.abs(difference));
    return relativeFormat(`${this.#numbers} ${style}`).format(Math.round(difference / size), unit);
  }

  bytes(bytes: number): string {
    const steps = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
    const step = Math.min(steps.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
    return this.number(bytes / 1000 ** step, {
      style: "unit",
      unit: steps[step] ?? "byte",
      // Short, English has one word for a byte and for many.
      unitDisplay: step === 0 ? "long" : "short",
      maximumFractionDigits: 1,
    });
  }

  /** A time left: "48 sec", "3 min". */
  duration(seconds: number): string {
    const [value, unit] =
      seconds < 90
        ? [seconds, "second"]
        : seconds < 5400
          ? [seconds / 60, "minute"]
          : [seconds / 3600, "hour"];
    return this.number(Math.max(1, Math.round(value as number)), {
      style: "unit",
      unit: unit as string,
      unitDisplay: "short",
    });
  }

  /** A country's name in the reader's language, whether it came as a code or a name; else as it came. */
  country(country: string): string {
    const code = countryCode(country);
    return code === null ? country : (regionNames(this.#dates).of(code) ?? country);
  }

  languageName(code: string): string {
    return languageNames(this.#dates).of(code) ?? code;
  }
}

function relativeUnit(ms: number): [number, Intl.RelativeTimeFormatUnit] {
  if (ms < 3_600_000) return [60_000, "minute"];
  if (ms < DAY_MS) return [3_600_000, "hour"];
  if (ms < 30 * DAY_MS) return [DAY_MS, "day"];
  if (ms < 365 * DAY_MS) return [30.44 * DAY_MS, "month"];
  return [365.25 * DAY_MS, "year"];
}

// Making an Intl formatter costs far more than using it; a list formats thousands of cells.
const numberFormats = new Map<string, Intl.NumberFormat>();
function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  const known = numberFormats.get(key) ?? new Intl.NumberFormat(locale, options);
  numberFormats.set(key, known);
  return known;
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();
function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const known = dateFormats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  dateFormats.set(key, known);
  return known;
}

const relativeFormat = once((key) => {
  const [locale, style] = key.split(" ");
  return new Intl.RelativeTimeFormat(locale, {
    numeric: "auto",
    style: style === "narrow" ? "narrow" : "long",
  });
});
const regionNames = once((locale) => new Intl.DisplayNames(locale, { type: "region" }));
const languageNames = once((locale) => new Intl.DisplayNames(locale, { type: "language" }));

const listFormat = once((locale) => new Intl.ListFormat(locale, { type: "conjunction" }));
const currencySign = once((key) => {
  const [locale, currency, display] = key.split(" ");
  const parts = new Intl.NumberFormat(locale, {
    style: "currency",
    currency: currency ?? "",
    currencyDisplay: display as "symbol",
  }).formatToParts(0);
  return parts.find(({ type }) => type === "currency")?.value ?? currency;
});

const formats = new Map<string, Formats>();

/** The same object for the same language and currency, so that what depends on it need not be made anew. */
export function formatsOf(language: Language, currency: string | null): Formats {
  const key = `${language} ${currency}`;
  const known = formats.get(key) ?? new Formats(language, currency);
  formats.set(key, known);
  return known;
}

/** The formats of a workspace whose currency is not known. */
export const FORMATS: Record<Language, Formats> = {
  en: formatsOf("en", null),
  zh: formatsOf("zh", null),
};
