import type { Task } from "@/api/types";

/** A calendar day as the API writes it, where the reader is: `2026-11-25`. */
function dayOf(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
}

export const today = (now: number): string => dayOf(new Date(now));

/** The day after, also over the end of a month and in the night when clocks change. */
export function tomorrow(now: number): string {
  const date = new Date(now);
  return dayOf(new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1));
}

/** Whether an open task's day has passed, where the reader is. */
export function isLate(task: Pick<Task, "status" | "due_on">, now: number): boolean {
  return task.status === "open" && task.due_on !== null && task.due_on < today(now);
}
