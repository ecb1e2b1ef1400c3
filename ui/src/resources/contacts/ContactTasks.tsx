import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Input } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";
import { TaskLine } from "@/resources/tasks/TaskLine";

/** The open tasks about a customer, and a line to add one. */
export function ContactTasks({ contactId }: { contactId: string }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const mayWrite = useMay("write");
  const [title, setTitle] = useState("");
  const tasks = useQuery({
    queryKey: keys.tasksOf(contactId),
    queryFn: () =>
      data.list(
        "tasks",
        {
          filter: [
            { field: "contact_id", op: "eq", value: contactId },
            { field: "status", op: "eq", value: "open" },
          ],
          sort: "due_on",
        },
        { limit: 20 },
      ),
  });
  const add = useMutation({
    mutationFn: () =>
      data.create("tasks", { title: title.trim(), subject: { kind: "contact", id: contactId } }),
    onSuccess: () => {
      setTitle("");
      return client.invalidateQueries({ queryKey: keys.list("tasks") });
    },
    onError: (error) => toast.error(t("edit.failed"), { description: messageOf(error) }),
  });
  return (
    <section aria-labelledby="contact-tasks" className="mb-5">
      <h2 id="contact-tasks" className="mb-2 font-semibold">
        {t("nav.tasks")}
      </h2>
      <ul>
        {tasks.data?.items.map((task) => (
          <li key={task.id}>
            <TaskLine
              task={task}
              onChanged={() => void client.invalidateQueries({ queryKey: keys.tasksOf(contactId) })}
            />
          </li>
        ))}
      </ul>
      {mayWrite && (
        <form onSubmit={(event) => (event.preventDefault(), title.trim() !== "" && add.mutate())}>
          <Input
            aria-label={t("tasks.new")}
            placeholder={t("tasks.new")}
            value={title}
            disabled={add.isPending}
            onChange={(event) => setTitle(event.target.value)}
          />
        </form>
      )}
    </section>
  );
}
