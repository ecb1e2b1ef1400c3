import type { Instant, Language, LocalizedText, Money, Month } from "@/api/types";
import { countryCode } from "./countries";

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

/** How many digits of a currency's amounts stand behind the point: 2 for pounds, 0 for yen. */
const minorDigits = once(
  (currency) =>
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2,
);

export function majorUnits({ amount_minor, currency }: Money): number {
  return amount_minor / 10 ** minorDigits(currency);
}

export type MoneyStyle = "exact" | "whole" | "compact";

/** Everything that is written differently in each language: one object per language. */
export class Formats {
  readonly #dates: string;
  readonly #numbers: string;

  constructor(readonly language: Language) {
    this.#dates = LOCALES[language].dates;
    this.#numbers = LOCALES[language].numbers;
  }

  text(text: LocalizedText): string {
    return text[this.language] || text.en;
  }

  number(value: number, options: Intl.NumberFormatOptions = {}): string {
    return numberFormat(this.#numbers, options).format(value);
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
    const options: Intl.NumberFormatOptions = {
      style: "currency",
      currency: money.currency,
      currencyDisplay: "narrowSymbol",
      ...(style === "whole" ? { maximumFractionDigits: 0 } : {}),
      ...(style === "compact"
        ? { notation: "compact", minimumFractionDigits: 0, maximumFractionDigits: 1 }
        : {}),
    };
    return this.number(majorUnits(money), options);
  }

  /** A feature's value with its unit; money features are in major units of the workspace's currency. */
  measure(value: number, unit: string, currency: string): string {
    switch (unit) {
      case "money":
        return this.number(value, {
          style: "currency",
          currency,
          currencyDisplay: "narrowSymbol",
          maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0,
        });
      case "share":
        return this.percent(value, Math.abs(value) < 0.1 ? 1 : 0);
      case "days":
        return this.number(Math.round(value), { style: "unit", unit: "day", unitDisplay: "long" });
      default:
        return this.number(value, { maximumFractionDigits: 1 });
    }
  }

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
      unitDisplay: "short",
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

export const FORMATS: Record<Language, Formats> = { en: new Formats("en"), zh: new Formats("zh") };
