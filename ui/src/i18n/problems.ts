import i18next from "i18next";

import { ApiError } from "@/api/problem";

interface Said {
  code: string;
  message: string;
}

/** Whether there is a text for a key that only the server's answer tells. */
export const i18nHas = (key: string): boolean => i18next.exists(key);

/**
 * What the server refused, in the reader's language by its code; in the server's own words where this
 * version does not know the code, or where a text needs a number that was not said.
 */
export function problemText({ code, message }: Said): string {
  if (!i18next.exists(`problem.${code}`)) return message;
  const key = `problem.${code}` as "problem.too_long";
  const n = /\d+/.exec(message)?.[0];
  const needsNumber = i18next.t(key, { skipInterpolation: true, n: "", detail: "" }).includes("{{n}}");
  return needsNumber && n === undefined ? message : i18next.t(key, { n: n ?? "", detail: message });
}

/** What went wrong, in words. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return problemText(error.violations[0] ?? error);
  return error instanceof Error ? error.message : String(error);
}
