import { ArrowDown, ArrowUp } from "lucide-react";

import { Checkbox } from "@/components/ui/Checkbox";
import { cn } from "@/components/ui/cn";
import { useT } from "@/i18n";
import type { Column } from "./columns";
import { sortDirection } from "./listState";

interface GridHeaderProps<T> {
  columns: Column<T>[];
  tracks: string;
  sort: string;
  onSort: (field: string) => void;
  /** Null where rows cannot be selected. */
  selected: boolean | "indeterminate" | null;
  onSelectAll: (isSelected: boolean) => void;
}

export function GridHeader<T>({ columns, tracks, sort, onSort, selected, onSelectAll }: GridHeaderProps<T>) {
  const t = useT();
  return (
    <div role="rowgroup" className="sticky top-0 z-20">
      <div
        role="row"
        aria-rowindex={1}
        className="grid h-8 items-center border-b bg-canvas text-xs text-ink-2"
        style={{ gridTemplateColumns: tracks }}
      >
        {selected !== null && (
          <div role="columnheader" className="sticky left-0 z-10 grid h-full items-center bg-canvas pl-4">
            <Checkbox
              aria-label={t("list.selectAll")}
              checked={selected}
              onCheckedChange={(checked) => onSelectAll(checked === true)}
            />
          </div>
        )}
        {columns.map((column) => {
          const direction = sortDirection(sort, column.id);
          return (
            <div
              key={column.id}
              role="columnheader"
              {...(column.isSortable ? { "aria-sort": direction } : {})}
              className={cn(
                "flex h-full min-w-0 items-center bg-canvas px-3",
                column.align === "right" && "justify-end",
                column.isPinned && "sticky z-10",
                column.isPinned && (selected === null ? "left-0 pl-4" : "left-10"),
              )}
            >
              {column.isSortable ? (
                <button
                  type="button"
                  className="-mx-1 flex min-w-0 items-center gap-1 rounded px-1 py-0.5 hover:text-ink"
                  onClick={() => onSort(column.id)}
                >
                  <span className="truncate">{column.header}</span>
                  {direction === "ascending" && <ArrowUp className="size-3" aria-hidden />}
                  {direction === "descending" && <ArrowDown className="size-3" aria-hidden />}
                </button>
              ) : (
                <span className="truncate">{column.header}</span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
