import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";

import type { Task } from "@/api/types";
import type { Column } from "@/components/admin/columns";
import { ListPage } from "@/components/admin/ListPage";
import { useCreating } from "@/components/admin/useCreating";
import { useEdit } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { useOwnerFilterOptions } from "@/resources/pickers/options";
import { useReferenceFilters } from "@/resources/pickers/useReferenceFilters";
import { useMay } from "@/resources/session/useSession";
import { PRIORITIES, PriorityBadge } from "@/resources/tickets/TicketBadge";
import { DueDate } from "./DueDate";

const TaskCreate = lazy(() => import("./TaskCreate"));

/** What is done is out of the way until it is asked for. */
const OPEN = ["status:eq:open"];

export function TaskList() {
  const t = useT();
  const edit = useEdit("tasks");
  const mayWrite = useMay("write", "task");
  const mayCreate = useMay("create", "task");
  const [isCreating, setCreating] = useCreating();
  const owners = useOwnerFilterOptions();
  const references = useReferenceFilters({
    contact_id: { resource: "contacts", label: t("order.customer") },
  });
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
        isSortable: true,
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
  const create = mayCreate && (
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
        defaultFilter={OPEN}
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
          {
            field: "priority",
            label: t("ticket.priority"),
            kind: "choice",
            options: PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) })),
          },
          { field: "owner_id", label: t("contact.owner"), kind: "choice", options: owners },
          ...references,
        ]}
        defaultSort="-status,due_on"
        nameOf={(task) => task.title}
        onEdit={(task, change, what) => void edit(task, change, what)}
        actions={create}
        empty={<EmptyState title={t("tasks.empty")} text={t("tasks.emptyHint")} action={create} />}
      />
      <Suspense>{mayCreate && isCreating && <TaskCreate onClose={() => setCreating(false)} />}</Suspense>
    </>
  );
}
