import { ApiError } from "@/api/problem";

/** What went wrong, in words. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.violations[0]?.message ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
