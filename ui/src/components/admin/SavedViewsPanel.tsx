import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Save, Trash2, Users } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { SavedView, SavedViewInput, SavedViewPatch } from "@/api/types";
import { Button, IconButton } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { cn } from "@/components/ui/cn";
import { Field, Input } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";
import { useMay } from "@/resources/session/useSession";
import { keys } from "./caches";
import type { ListSearch } from "./listState";
import { queryOf, searchOf, type ViewedList } from "./savedViewModel";

interface SavedViewsPanelProps {
  list: ViewedList;
  views: SavedView[];
  /** The view that shows what is shown. */
  current: SavedView | undefined;
  search: ListSearch;
  onSearch: (next: ListSearch) => void;
}

/** The views of a list: to show, to bring up to date, to share, to delete; and a new one. */
export function SavedViewsPanel({ list, views, current, search, onSearch }: SavedViewsPanelProps) {
  const t = useT();
  const { update, remove } = useViewChanges();
  const mayShare = useMay("write");
  return (
    <div className="grid gap-3">
      {views.length === 0 ? (
        <p className="text-ink-2">{t("view.none")}</p>
      ) : (
        <ul className="scrollbar-thin -mx-1 grid max-h-72 overflow-y-auto">
          {views.map((view) => (
            <li key={view.id} className="flex items-center gap-0.5 rounded-md hover:bg-hover">
              <button
                type="button"
                aria-current={view === current}
                className={cn(
                  "flex h-8 min-w-0 grow items-center gap-1.5 rounded-md px-2 text-left",
                  view === current && "font-medium text-accent-text",
                )}
                onClick={() => onSearch(searchOf(view))}
              >
                <span className="truncate">{view.name}</span>
                {view.is_shared && (
                  <Users className="size-3.5 shrink-0 text-ink-3" role="img" aria-label={t("view.shared")} />
                )}
              </button>
              {view.may_change && (
                <>
                  {view !== current && (
                    <IconButton
                      label={t("view.replace", { name: view.name })}
                      onClick={() => update.mutate({ view, change: { query: queryOf(search) } })}
                    >
                      <Save />
                    </IconButton>
                  )}
                  {mayShare && (
                    <IconButton
                      label={t(view.is_shared ? "view.unshare" : "view.share", { name: view.name })}
                      aria-pressed={view.is_shared}
                      onClick={() => update.mutate({ view, change: { is_shared: !view.is_shared } })}
                    >
                      <Users />
                    </IconButton>
                  )}
                  <IconButton
                    label={t("view.remove", { name: view.name })}
                    onClick={() => remove.mutate(view)}
                  >
                    <Trash2 />
                  </IconButton>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      <NewView list={list} query={queryOf(search)} mayShare={mayShare} />
    </div>
  );
}

/** A name for what is shown. */
function NewView({ list, query, mayShare }: { list: ViewedList; query: string; mayShare: boolean }) {
  const t = useT();
  const { create } = useViewChanges();
  const [name, setName] = useState("");
  const [isShared, setShared] = useState(false);
  return (
    <form
      className="grid gap-2 border-t pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        const view = { list, name: name.trim(), query, is_shared: isShared };
        if (view.name !== "" && !create.isPending) create.mutate(view, { onSuccess: () => setName("") });
      }}
    >
      <Field label={t("view.saveAs")}>
        {(props) => (
          <Input
            {...props}
            maxLength={80}
            placeholder={t("view.name")}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      {mayShare && (
        <label className="flex items-center gap-2">
          <Checkbox
            aria-label={t("view.forAll")}
            checked={isShared}
            onCheckedChange={(checked) => setShared(checked === true)}
          />
          {t("view.forAll")}
        </label>
      )}
      <Button type="submit" variant="primary" className="justify-center" disabled={create.isPending}>
        {t("view.save")}
      </Button>
    </form>
  );
}

/** The changes of views, each told when it is done; a deleted one can be made again. */
function useViewChanges() {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const told = {
    onError: (error: unknown) => toast.error(t("edit.failed"), { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.savedViews }),
  };
  const create = useMutation({
    mutationFn: (view: SavedViewInput) => data.createSavedView(view),
    onSuccess: ({ name }) => void toast.success(t("edit.saved", { what: name })),
    ...told,
  });
  const update = useMutation({
    mutationFn: ({ view, change }: { view: SavedView; change: SavedViewPatch }) =>
      data.updateSavedView(view.id, view.version, change),
    onSuccess: ({ name }) => void toast.success(t("edit.saved", { what: name })),
    ...told,
  });
  const remove = useMutation({
    mutationFn: (view: SavedView) => data.deleteSavedView(view.id),
    onSuccess: (_, { list, name, query, is_shared }) => {
      const again = () => create.mutate({ list, name, query, is_shared });
      toast(t("view.removed", { name }), { action: { label: t("edit.undo"), onClick: again } });
    },
    ...told,
  });
  return { create, update, remove };
}
