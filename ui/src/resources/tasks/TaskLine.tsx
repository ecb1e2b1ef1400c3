import type { Task } from "@/api/types";
import { useEdit } from "@/components/admin/useEdit";
import { Checkbox } from "@/components/ui/Checkbox";
import { cn } from "@/components/ui/cn";
import { useT } from "@/i18n";
import { useFieldState } from "@/resources/session/useFieldState";
import { useMay } from "@/resources/session/useSession";
import { DueDate } from "./DueDate";

/** A task with its tick box. */
export function TaskLine({ task, onChanged }: { task: Task; onChanged?: () => void }) {
  const t = useT();
  const mayWrite = useMay("write", "task");
  const isReadOnly = useFieldState("task")("status") !== "edit";
  const edit = useEdit("tasks");
  const isDone = task.status === "done";
  return (
    <div className="flex min-h-8 items-center gap-2.5">
      <Checkbox
        aria-label={t("tasks.done", { title: task.title })}
        checked={isDone}
        disabled={!mayWrite || isReadOnly}
        onCheckedChange={() =>
          void edit(task, { status: isDone ? "open" : "done" }, task.title).then(onChanged)
        }
      />
      <span className={cn("min-w-0 flex-1 truncate", isDone && "text-ink-3 line-through")}>{task.title}</span>
      <DueDate task={task} />
    </div>
  );
}
