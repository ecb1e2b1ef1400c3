import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Reference } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Input } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { isAsked } from "@/resources/custom/customModel";
import { useCustomFields } from "@/resources/custom/useCustomFields";
import { useFieldState } from "@/resources/session/useFieldState";
import { useMay } from "@/resources/session/useSession";
import { TaskLine } from "@/resources/tasks/TaskLine";

const TaskCreate = lazy(() => import("@/resources/tasks/TaskCreate"));

/** The open tasks about a customer, and a line to add one; a dialog where the company asks for more than a title. */
export function ContactTasks({ contact }: { contact: Reference }) {
  const contactId = contact.id;
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const stateOf = useFieldState("task");
  // A task without the customer would not stand here.
  const mayAdd = useMay("create", "task") && stateOf("subject") === "edit";
  const [title, setTitle] = useState("");
  const [isAsking, setAsking] = useState(false);
  const isMoreAsked = useCustomFields("task").some(isAsked);
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
  function submit() {
    if (title.trim() === "") return;
    if (isMoreAsked) setAsking(true);
    else add.mutate();
  }

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
      {mayAdd && (
        <form onSubmit={(event) => (event.preventDefault(), submit())}>
          <Input
            aria-label={t("tasks.new")}
            placeholder={t("tasks.new")}
            value={title}
            disabled={add.isPending}
            onChange={(event) => setTitle(event.target.value)}
          />
        </form>
      )}
      <Suspense>
        {isAsking && (
          <TaskCreate
            title={title.trim()}
            about={contact}
            onCreated={() => setTitle("")}
            onClose={() => setAsking(false)}
          />
        )}
      </Suspense>
    </section>
  );
}
