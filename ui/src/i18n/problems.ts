import i18next from "i18next";

import { ApiError } from "@/api/problem";

interface Said {
  code: string;
  message: string;
  /** What it is about; a broken rule of a list names its parameter: "?filter". */
  pointer?: string;
}

/** Whether there is a text for a key that only the server's answer tells. */
export const i18nHas = (key: string): boolean => i18next.exists(key);

/**
 * What the server refused, in the reader's language by its code; in the server's own words where this
 * version does not know the code, or where a text needs other numbers than were said.
 */
export function problemText({ code, message, pointer = "" }: Said): string {
  const known = [`problem.${code}${pointer}`, `problem.${code}`].find(i18nHas);
  if (known === undefined) return message;
  const key = known as "problem.bad_length";
  const numbers: string[] = message.match(/\b\d+/g) ?? [];
  const [n = "", m = ""] = numbers;
  const text = i18next.t(key, { skipInterpolation: true, n, m, detail: "" });
  const nWanted = text.match(/{{[nm]}}/g)?.length ?? numbers.length;
  return nWanted === numbers.length ? i18next.t(key, { n, m, detail: message }) : message;
}

/** What went wrong, in words. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return problemText(error.violations[0] ?? error);
  return error instanceof Error ? error.message : String(error);
}
