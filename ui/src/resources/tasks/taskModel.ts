import type { Task } from "@/api/types";

/** Whether an open task's day has passed, where the reader is. */
export function isLate(task: Pick<Task, "status" | "due_on">, now: number): boolean {
  if (task.status === "done" || task.due_on === null) return false;
  const today = new Date(now);
  const date = [today.getFullYear(), today.getMonth() + 1, today.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
  return task.due_on < date;
}
