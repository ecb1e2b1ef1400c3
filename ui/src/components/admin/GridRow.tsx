import { Link } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { useRef } from "react";

import { Checkbox } from "@/components/ui/Checkbox";
import { cn } from "@/components/ui/cn";
import { useT } from "@/i18n";
import { CellEditor, type Step } from "./CellEditor";
import type { Column } from "./columns";

interface GridRowProps<T> {
  row: T;
  idx: number;
  place: { height: number; top: number; gridTemplateColumns: string };
  columns: Column<T>[];
  isActive: boolean;
  /** Null where rows cannot be selected. */
  isSelected: boolean | null;
  onSelect: (isSelected: boolean) => void;
  editing: string | null;
  onEditing: (column: string | null) => void;
  onEdit: ((row: T, change: object, what: string) => void) | undefined;
  href: string | undefined;
  name: string;
}

export function GridRow<T>({
  row,
  idx,
  place,
  columns,
  isActive,
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
    const old = column.edit?.text(row) ?? "";
    const isRefused = text === null || text.trim() === old || (column.edit?.isRequired && text.trim() === "");
    if (!isRefused && column.edit) onEdit?.(row, column.edit.change(text), column.header);
    const next = step ? editable[editable.indexOf(column.id) + step] : undefined;
    onEditing(next ?? null);
    // The keyboard goes on from the row, whose link comes back in place of the editor; the pointer has
    // its own place.
    if (next === undefined && step !== null) {
      requestAnimationFrame(() => rowRef.current?.querySelector<HTMLElement>("[data-row-link]")?.focus());
    }
  }

  return (
    <div
      ref={rowRef}
      role="row"
      data-row={idx}
      aria-rowindex={idx + 2}
      {...(isSelected === null ? {} : { "aria-selected": isSelected })}
      className={cn(
        "group absolute grid w-full items-center border-b bg-canvas hover:bg-hover",
        isActive && "bg-hover",
        isSelected && "bg-selected hover:bg-selected",
      )}
      style={place}
    >
      {isSelected !== null && (
        <div role="gridcell" className="sticky left-0 z-10 grid h-full items-center bg-inherit pl-4">
          <Checkbox
            aria-label={t("list.select", { name })}
            checked={isSelected}
            onCheckedChange={(checked) => onSelect(checked === true)}
          />
        </div>
      )}
      {columns.map((column) => {
        const isEditing = editing === column.id;
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
            {isEditing && column.edit ? (
              <CellEditor
                type={column.edit.type}
                text={column.edit.text(row)}
                label={t("edit.field", { field: column.header, name })}
                onDone={(text, step) => finish(column, text, step)}
              />
            ) : (
              <>
                {column.isPinned && !href ? (
                  // A row that leads nowhere is still a place for the keyboard.
                  <span
                    tabIndex={0}
                    className="min-w-0 flex-1 rounded font-medium outline-offset-2"
                    data-row-link
                  >
                    {column.cell(row)}
                  </span>
                ) : column.isPinned && href ? (
                  <Link
                    to={href}
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
