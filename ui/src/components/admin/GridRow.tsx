import { Link } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { useRef } from "react";
import { toast } from "sonner";

import { Checkbox } from "@/components/ui/Checkbox";
import { cn } from "@/components/ui/cn";
import { useT } from "@/i18n";
import { CellEditor, type Step } from "./CellEditor";
import type { Column } from "./columns";

/** A cell that is being edited, and its row as it was when that began. */
export interface Editing<T> {
  row: T;
  column: string;
}

interface GridRowProps<T> {
  row: T;
  idx: number;
  place: { height: number; top: number; gridTemplateColumns: string };
  columns: Column<T>[];
  /** Whether the keys speak of this row. */
  isActive: boolean;
  /** Whether Tab leads to this row. */
  isTabStop: boolean;
  onFocus: (id: string) => void;
  /** Null where rows cannot be selected. */
  isSelected: boolean | null;
  /** With the shift key all rows are meant from the one that was toggled last. */
  onSelect: (isSelected: boolean, isRange: boolean) => void;
  editing: Editing<T> | null;
  onEditing: (column: string | null) => void;
  onEdit: ((row: T, change: object, what: string) => void) | undefined;
  href: string | undefined;
  name: string;
}

export function GridRow<T extends { id: string }>({
  row,
  idx,
  place,
  columns,
  isActive,
  isTabStop,
  onFocus,
  isSelected,
  onSelect,
  editing,
  onEditing,
  onEdit,
  href,
  name,
}: GridRowProps<T>) {
  const t = useT();
  const rowRef = useRef<HTMLDivElement>(null);
  const editable = onEdit ? columns.filter((column) => column.edit).map((column) => column.id) : [];

  function finish(column: Column<T>, text: string | null, step: Step) {
    const seen = editing?.row ?? row;
    const old = column.edit?.text(seen) ?? "";
    const isRefused = text === null || text.trim() === old || (column.edit?.isRequired && text.trim() === "");
    const wrong = isRefused ? undefined : column.edit?.refusal?.(text);
    if (wrong) toast.error(t("edit.failed"), { description: wrong });
    else if (!isRefused && column.edit) onEdit?.(seen, column.edit.change(text), column.header);
    const next = step ? editable[editable.indexOf(column.id) + step] : undefined;
    onEditing(next ?? null);
    // The keyboard goes on from the row; the pointer has its own place.
    if (next === undefined && step !== null) rowRef.current?.focus();
  }

  return (
    <div
      ref={rowRef}
      role="row"
      data-row={idx}
      data-row-id={row.id}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={() => onFocus(row.id)}
      aria-rowindex={idx + 2}
      {...(isSelected === null ? {} : { "aria-selected": isSelected })}
      className={cn(
        "group absolute grid w-full scroll-mt-8 items-center border-b bg-canvas outline-none hover:bg-hover",
        // Drawn over the cells, for the pinned one would cover an outline.
        "focus-visible:after:pointer-events-none focus-visible:after:absolute focus-visible:after:inset-0 focus-visible:after:z-20 focus-visible:after:border-2 focus-visible:after:border-accent",
        isActive && "bg-hover",
        isSelected && "bg-selected hover:bg-selected",
      )}
      style={place}
    >
      {isSelected !== null && (
        <div role="gridcell" className="sticky left-0 z-10 grid h-full items-center bg-inherit pl-4">
          <Checkbox
            tabIndex={-1}
            aria-label={t("list.select", { name })}
            checked={isSelected}
            onClick={(event) => onSelect(!isSelected, event.shiftKey)}
          />
        </div>
      )}
      {columns.map((column) => {
        const canEdit = onEdit !== undefined && column.edit !== undefined;
        return (
          <div
            key={column.id}
            role="gridcell"
            className={cn(
              "relative flex h-full min-w-0 items-center px-3",
              column.align === "right" && "numeric justify-end",
              column.isPinned && "sticky z-10 bg-inherit",
              column.isPinned && (isSelected === null ? "left-0 pl-4" : "left-10"),
            )}
            onDoubleClick={canEdit ? () => onEditing(column.id) : undefined}
          >
            {editing?.column === column.id && column.edit ? (
              <CellEditor
                type={column.edit.type}
                text={column.edit.text(editing.row)}
                label={t("edit.field", { field: column.header, name })}
                onDone={(text, step) => finish(column, text, step)}
              />
            ) : (
              <>
                {column.isPinned && href ? (
                  <Link
                    to={href}
                    tabIndex={-1}
                    className="min-w-0 flex-1 rounded font-medium outline-offset-2"
                    data-row-link
                  >
                    {column.cell(row)}
                  </Link>
                ) : (
                  <span className={cn("min-w-0 flex-1 truncate", column.align === "right" && "text-right")}>
                    {column.cell(row)}
                  </span>
                )}
                {canEdit && (
                  // The keyboard's way is `e` and Tab, so that a row costs one stop and not six.
                  <button
                    type="button"
                    tabIndex={-1}
                    aria-label={t("edit.field", { field: column.header, name })}
                    className="absolute right-1 hidden size-6 place-items-center rounded border bg-raised text-ink-2 group-hover:pointer-fine:grid hover:text-ink"
                    onClick={() => onEditing(column.id)}
                  >
                    <Pencil className="size-3" />
                  </button>
                )}
              </>
            )}
          </div>
        );
      })}
    </div>
  );
}
