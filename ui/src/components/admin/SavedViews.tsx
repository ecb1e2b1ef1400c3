import { useQuery } from "@tanstack/react-query";
import { Bookmark } from "lucide-react";
import { lazy, useState } from "react";

import { useData } from "@/api/context";
import { Button } from "@/components/ui/Button";
import { Popover } from "@/components/ui/Popover";
import { useT } from "@/i18n";
import { keys } from "./caches";
import type { ListSearch } from "./listState";
import { viewInForce, viewsOf, type ViewedList } from "./savedViewModel";

/** Views are kept now and then: their panel comes when it is asked for. */
const SavedViewsPanel = lazy(() =>
  import("./SavedViewsPanel").then((module) => ({ default: module.SavedViewsPanel })),
);

interface SavedViewsProps {
  list: ViewedList;
  /** The list as its address has it. */
  search: ListSearch;
  onSearch: (next: ListSearch) => void;
}

/** The name of the saved view in force, and behind it all of them. */
export function SavedViews({ list, search, onSearch }: SavedViewsProps) {
  const t = useT();
  const data = useData();
  const [isOpen, setOpen] = useState(false);
  const { data: views = [] } = useQuery({
    queryKey: keys.savedViews,
    queryFn: () => data.savedViews(),
    staleTime: 60_000,
    select: (all) => viewsOf(all, list),
  });
  const current = viewInForce(views, search);
  return (
    <Popover
      label={t("view.views")}
      open={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button className="max-w-56">
          <Bookmark />
          <span className="truncate">{current?.name ?? t("view.views")}</span>
        </Button>
      }
    >
      <SavedViewsPanel
        list={list}
        views={views}
        current={current}
        search={search}
        onSearch={(next) => (setOpen(false), onSearch(next))}
      />
    </Popover>
  );
}
