import type { Task } from "@/api/types";
import { cn } from "@/components/ui/cn";
import { useFormats } from "@/i18n";
import { isLate } from "./taskModel";

export function DueDate({ task }: { task: Task }) {
  const formats = useFormats();
  if (task.due_on === null) return null;
  return (
    <time
      dateTime={task.due_on}
      className={cn("shrink-0 text-xs text-ink-3", isLate(task, Date.now()) && "font-medium text-bad")}
    >
      {formats.day(task.due_on)}
    </time>
  );
}
