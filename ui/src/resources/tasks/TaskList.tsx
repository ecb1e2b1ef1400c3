import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Task } from "@/api/types";
import { keys } from "@/components/admin/caches";
import type { Column } from "@/components/admin/columns";
import { ListPage } from "@/components/admin/ListPage";
import { messageOf, useEdit } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { cn } from "@/components/ui/cn";
import { Dialog } from "@/components/ui/Dialog";
import { Field, Input } from "@/components/ui/fields";
import { EmptyState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";
import { PriorityBadge } from "@/resources/tickets/TicketBadge";
import { DueDate } from "./DueDate";

export function TaskList() {
  const t = useT();
  const edit = useEdit("tasks");
  const mayWrite = useMay("write");
  const [isCreating, setCreating] = useState(false);
  const columns = useMemo<Column<Task>[]>(
    () => [
      {
        id: "title",
        header: t("tasks.title"),
        width: "minmax(16rem, 2fr)",
        isPinned: true,
        cell: (task) => (
          <span className="flex items-center gap-2.5">
            <Checkbox
              aria-label={t("tasks.done", { title: task.title })}
              checked={task.status === "done"}
              disabled={!mayWrite}
              onCheckedChange={(isDone) => void edit(task, { status: isDone ? "done" : "open" }, task.title)}
            />
            <span className={cn("truncate", task.status === "done" && "text-ink-3 line-through")}>
              {task.title}
            </span>
          </span>
        ),
        edit: {
          type: "text",
          text: (task) => task.title,
          change: (title) => ({ title: title.trim() }),
          isRequired: true,
        },
      },
      {
        id: "due_on",
        header: t("tasks.dueOn"),
        width: "9rem",
        isSortable: true,
        isOnPhone: true,
        cell: (task) => <DueDate task={task} />,
      },
      {
        id: "priority",
        header: t("ticket.priority"),
        width: "8rem",
        cell: (task) => <PriorityBadge priority={task.priority} />,
      },
      {
        id: "subject",
        header: t("tasks.about"),
        width: "minmax(10rem, 0.8fr)",
        cell: (task) =>
          task.contact && (
            <Link
              to="/contacts/$id"
              params={{ id: task.contact.id }}
              className="text-accent-text hover:underline"
            >
              {task.contact.name}
            </Link>
          ),
      },
      {
        id: "owner",
        header: t("contact.owner"),
        width: "9rem",
        cell: (task) => <span className="text-ink-2">{task.owner?.name}</span>,
      },
    ],
    [t, edit, mayWrite],
  );
  const create = mayWrite && (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus />
      {t("tasks.new")}
    </Button>
  );
  return (
    <>
      <ListPage
        resource="tasks"
        title={t("nav.tasks")}
        searchLabel={t("tasks.search")}
        searchBy="title"
        columns={columns}
        filters={[
          {
            field: "status",
            label: t("ticket.status"),
            kind: "choice",
            options: [
              { value: "open", label: t("tasks.isOpen") },
              { value: "done", label: t("tasks.isDone") },
            ],
          },
        ]}
        defaultSort="due_on"
        nameOf={(task) => task.title}
        onEdit={(task, change, what) => void edit(task, change, what)}
        actions={create}
        empty={<EmptyState title={t("tasks.empty")} text={t("tasks.emptyHint")} action={create} />}
      />
      {isCreating && <TaskCreate onClose={() => setCreating(false)} />}
    </>
  );
}

function TaskCreate({ onClose }: { onClose: () => void }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const [title, setTitle] = useState("");
  const [dueOn, setDueOn] = useState("");
  const create = useMutation({
    mutationFn: () => data.create("tasks", { title: title.trim(), due_on: dueOn || null }),
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: keys.list("tasks") });
    },
    onError: (error) => toast.error(t("edit.failed"), { description: messageOf(error) }),
  });
  return (
    <Dialog open onOpenChange={onClose} title={t("tasks.new")}>
      <form className="grid gap-4 p-5" onSubmit={(event) => (event.preventDefault(), create.mutate())}>
        <Field label={t("tasks.title")}>
          {(props) => (
            <Input
              {...props}
              required
              autoFocus
              value={title}
              onChange={(event) => setTitle(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("tasks.dueOn")}>
          {(props) => (
            <Input {...props} type="date" value={dueOn} onChange={(event) => setDueOn(event.target.value)} />
          )}
        </Field>
        <Button type="submit" variant="primary" className="justify-self-end" disabled={create.isPending}>
          {t("common.add")}
        </Button>
      </form>
    </Dialog>
  );
}
