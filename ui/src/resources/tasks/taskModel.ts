import type { Task } from "@/api/types";
import { dayOf } from "@/i18n/calendar";

/** Whether an open task's day has passed, where the reader is. */
export function isLate(task: Pick<Task, "status" | "due_on">, now: number): boolean {
  if (task.status === "done" || task.due_on === null) return false;
  return task.due_on < dayOf(now);
}
