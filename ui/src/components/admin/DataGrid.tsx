import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";

import { Button } from "@/components/ui/Button";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/bits";
import { useT } from "@/i18n";
import { minWidthOf, type Column } from "./columns";
import { GridHeader } from "./GridHeader";
import { GridRow, type Editing } from "./GridRow";
import { allState, NOTHING, toggledRange, type Selection } from "./selection";
import { useGridKeys } from "./useGridKeys";
import type { ListResult } from "./useList";

const ROW_HEIGHT = 36;
const PHONE_ROW_HEIGHT = 48;

/** More rows are asked for when fewer than this many are left below those in sight. */
const NEAR_END = 12;

interface DataGridProps<T extends { id: string }> {
  label: string;
  columns: Column<T>[];
  list: ListResult<T>;
  /** How far down it begins, in pixels. */
  initialOffset: number;
  onScrolled: (offset: number) => void;
  sort: string;
  onSort: (field: string) => void;
  /** Where a row leads, and its name for screen readers. */
  href?: (row: T) => string;
  nameOf: (row: T) => string;
  onEdit: ((row: T, change: object, what: string) => void) | undefined;
  selection?: Selection;
  onSelection?: (selection: Selection) => void;
  isPhone: boolean;
}

/** A table of any length: only the rows in sight are in the document. */
export function DataGrid<T extends { id: string }>(props: DataGridProps<T>) {
  const { columns, list, isPhone, selection, onSelection } = props;
  const frame = useRef<HTMLDivElement>(null);
  const rowHeight = isPhone ? PHONE_ROW_HEIGHT : ROW_HEIGHT;
  const isSelectable = selection !== undefined && !isPhone;
  const [editing, setEditing] = useState<Editing<T> | null>(null);

  const rows = list.rows;
  const editingIdx = editing ? rows.findIndex(({ id }) => id === editing.row.id) : -1;
  // Where a range begins: the row that was toggled last.
  const anchor = useRef<string | null>(null);
  function select(id: string, isSelected: boolean, isRange: boolean) {
    const from = isRange ? (anchor.current ?? id) : id;
    const ids = rows.map((row) => row.id);
    onSelection?.(toggledRange(selection ?? NOTHING, ids, [from, id], isSelected));
    anchor.current = id;
  }
  const firstEditable = props.onEdit && columns.find((column) => column.edit)?.id;
  const keys = useGridKeys({
    rows,
    frame,
    rowHeight,
    onToggle: isSelectable ? ({ id }, isRange) => select(id, !selection.has(id), isRange) : undefined,
    onEdit: firstEditable ? (row) => setEditing({ row, column: firstEditable }) : undefined,
  });

  const kept = [editingIdx, keys.currentIdx].filter((idx) => idx >= 0 && idx < rows.length);
  const virtualizer = useVirtualizer({
    count: rows.length + (list.hasMore ? 1 : 0),
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialOffset: props.initialOffset,
    onChange: ({ scrollOffset }) => props.onScrolled(scrollOffset ?? 0),
    // The row that is being edited stays in the document, and with it what has been typed; so does the
    // one that holds the focus, or is the way into the grid.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), ...kept])].sort((a, b) => a - b),
    scrollPaddingStart: rowHeight,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const items = virtualizer.getVirtualItems();

  // Rows in sight count, not those drawn beyond: else a tall window would ask for two pages at once.
  const lastInSight = virtualizer.range?.endIndex ?? 0;
  const { hasMore, isLoadingMore, hasMoreFailed, isStale, loadMore } = list;
  const wantsMore = hasMore && !isLoadingMore && !hasMoreFailed && !isStale;
  const isNearEnd = lastInSight >= rows.length - NEAR_END;
  useEffect(() => {
    if (wantsMore && isNearEnd) void loadMore();
  }, [wantsMore, isNearEnd, rows.length, loadMore]);

  const tracks = [...(isSelectable ? ["2.5rem"] : []), ...columns.map((column) => column.width)];
  return (
    <div
      ref={frame}
      role="grid"
      aria-label={props.label}
      {...(isSelectable ? { "aria-multiselectable": true } : {})}
      aria-rowcount={list.count ? list.count.count + 1 : -1}
      aria-busy={list.isStale}
      onKeyDown={keys.onKeyDown}
      className={cn(
        "scrollbar-thin min-h-0 overflow-auto overscroll-contain",
        list.isStale && "opacity-60 transition-opacity",
      )}
    >
      <div role="presentation" style={{ minWidth: `${minWidthOf(tracks)}rem` }}>
        <GridHeader
          columns={columns}
          tracks={tracks.join(" ")}
          sort={props.sort}
          onSort={props.onSort}
          selected={
            isSelectable
              ? allState(
                  selection,
                  rows.map(({ id }) => id),
                )
              : null
          }
          onSelectAll={(isSelected) =>
            onSelection?.(isSelected ? new Set(rows.map(({ id }) => id)) : NOTHING)
          }
        />
        <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            const place = { height: rowHeight, top: item.start, gridTemplateColumns: tracks.join(" ") };
            if (row === undefined)
              return list.hasMoreFailed ? (
                <FailedRow key="failed" place={place} onRetry={() => void loadMore()} />
              ) : (
                <LoadingRow key="more" place={place} />
              );
            return (
              <GridRow
                key={row.id}
                row={row}
                idx={item.index}
                place={place}
                columns={columns}
                isActive={keys.active === row.id}
                isTabStop={keys.currentIdx === item.index}
                onFocus={keys.onFocus}
                isSelected={isSelectable ? selection.has(row.id) : null}
                onSelect={(isSelected, isRange) => select(row.id, isSelected, isRange)}
                editing={editing?.row.id === row.id ? editing : null}
                onEditing={(column) => setEditing(column === null ? null : { row, column })}
                onEdit={props.onEdit}
                href={props.href?.(row)}
                name={props.nameOf(row)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

const LAST_ROW = "absolute grid w-full items-center border-b px-4";

function LoadingRow({ place }: { place: object }) {
  const t = useT();
  return (
    <div role="row" aria-label={t("list.loadingMore")} className={LAST_ROW} style={place}>
      <div role="gridcell" className="col-span-full flex gap-8">
        <Skeleton className="w-40" />
        <Skeleton className="w-24" />
        <Skeleton className="w-32" />
      </div>
    </div>
  );
}

/** Stands in place of the next rows when they could not be had; nothing asks again by itself. */
function FailedRow({ place, onRetry }: { place: object; onRetry: () => void }) {
  const t = useT();
  return (
    <div role="row" className={LAST_ROW} style={place}>
      <div role="gridcell" className="sticky left-4 col-span-full flex w-max items-center gap-3">
        <span role="alert" className="text-ink-2">
          {t("list.moreFailed")}
        </span>
        <Button size="sm" onClick={onRetry}>
          {t("common.retry")}
        </Button>
      </div>
    </div>
  );
}
