import { useIsMutating, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { HomeAction } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf, useEdit } from "@/components/admin/useEdit";
import { useFormats, useT } from "@/i18n";
import { useFieldState } from "@/resources/session/useFieldState";
import { useMay } from "@/resources/session/useSession";
import { tomorrow } from "@/resources/tasks/taskModel";

/** What can be done about a proposal on the spot. */
export type TaskDeed = "done" | "snooze" | "task";

/** A task is done or put off; a call to make can be written down as a task; the rest is opened. */
export function deedsOf({ kind, contact }: HomeAction): TaskDeed[] {
  if (kind === "do_task") return ["done", "snooze"];
  return kind === "call_customer" && contact ? ["task"] : [];
}

/** Those of the deeds of a proposal that the reader's role leaves. */
export function useDeeds(): (action: HomeAction) => TaskDeed[] {
  const mayWrite = useMay("write", "task");
  const mayMake = useMay("create", "task");
  const stateOf = useFieldState("task");
  const may: Record<TaskDeed, boolean> = {
    done: mayWrite && stateOf("status") === "edit",
    snooze: mayWrite && stateOf("due_on") === "edit",
    task: mayMake && stateOf("subject") === "edit",
  };
  return (action) => deedsOf(action).filter((deed) => may[deed]);
}

/** The id of the task that a proposal is about. */
const taskIdOf = ({ id }: HomeAction) => id.replace(/^task-/, "");

/** Settles proposals; a settled one leaves the list at once and comes back where the server refuses. */
export function useTaskActions() {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const edit = useEdit("tasks");
  const deedsFor = useDeeds();
  const stateOf = useFieldState("task");
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set());
  useHomeAfterEdits();

  async function settle(action: HomeAction, deed: TaskDeed) {
    const title = formats.text(action.title);
    if (deed === "task") {
      const subject = action.contact && { kind: "contact" as const, id: action.contact.id };
      const due = stateOf("due_on") === "edit" ? { due_on: tomorrow(Date.now()) } : {};
      await data.create("tasks", { title, subject, ...due });
      void client.invalidateQueries({ queryKey: keys.list("tasks") });
      toast.success(t("home.noted", { title }));
      return;
    }
    const task = await data.find("tasks", taskIdOf(action));
    await edit(task, deed === "done" ? { status: "done" } : { due_on: tomorrow(Date.now()) }, task.title);
  }

  async function act(action: HomeAction, deed: TaskDeed) {
    if (!deedsFor(action).includes(deed)) return;
    setSettled((ids) => new Set([...ids, action.id]));
    let isNoted = deed === "task";
    try {
      await settle(action, deed);
    } catch (error) {
      isNoted = false;
      toast.error(t("edit.failed"), { description: messageOf(error) });
    }
    // What the server answers then is the truth again, also where the change was refused. A call that
    // became a task stays away until the page is opened anew, for the server still proposes it.
    await client.invalidateQueries({ queryKey: keys.home });
    if (!isNoted) setSettled((ids) => new Set([...ids].filter((id) => id !== action.id)));
  }

  return { settled, act };
}

/** Undoing from the toast changes a task, too; the proposals are asked for anew after each change. */
function useHomeAfterEdits() {
  const client = useQueryClient();
  const nEdits = useIsMutating({ mutationKey: ["edit", "tasks"] });
  const before = useRef(nEdits);
  useEffect(() => {
    if (before.current > 0 && nEdits === 0) void client.invalidateQueries({ queryKey: keys.home });
    before.current = nEdits;
  }, [client, nEdits]);
}
