import type { Task } from "@/api/types";
import { dayOf, type CalendarDate } from "@/i18n/calendar";

export const today = (now: number): CalendarDate => dayOf(now);

/** The day after, also over the end of a month and in the night when clocks change. */
export function tomorrow(now: number): CalendarDate {
  const date = new Date(now);
  return dayOf(new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime());
}

/** Whether an open task's day has passed, where the reader is. */
export function isLate(task: Pick<Task, "status" | "due_on">, now: number): boolean {
  return task.status === "open" && task.due_on !== null && task.due_on < today(now);
}
