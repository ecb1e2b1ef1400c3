import { lazy, Suspense, useMemo, useState, type ReactNode } from "react";

import { useData } from "@/api/context";
import type { OwnedKind, RolePolicy } from "@/api/types";
import {
  EXPORTED_LISTS,
  type EditResource,
  type ExportedList,
  type ListRecords,
  type ListResource,
} from "@/api/dataProvider";
import { Button } from "@/components/ui/Button";
import { Skeleton } from "@/components/ui/bits";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { loadTexts, useFormats, useT } from "@/i18n";
import { PageHeader } from "@/layout/PageHeader";
import { useIsPhone } from "@/layout/useIsPhone";
import { useCustomColumns } from "@/resources/custom/useCustomColumns";
import { fieldState, kindOf } from "@/resources/access/accessModel";
import { useAccess } from "@/resources/session/useAccess";
import { useMay } from "@/resources/session/useSession";
import { ColumnMenu } from "./ColumnMenu";
import { visibleColumns, type Column } from "./columns";
import { DataGrid } from "./DataGrid";
import { ExportMenu } from "./ExportMenu";
import { FilterBar } from "./FilterBar";
import type { Filter } from "./filters";
import { useListMemory } from "./listMemory";
import { nextSort, toListQuery } from "./listState";
import { isViewed } from "./savedViewModel";
import { SavedViews } from "./SavedViews";
import { SearchField } from "./SearchField";
import { NOTHING, type Selection } from "./selection";
import { SelectionBar } from "./SelectionBar";
import { useList, useListSearch, type ListResult } from "./useList";

const BulkActions = lazy(async () => {
  await Promise.all([loadTexts("bulk"), loadTexts("custom")]);
  return import("@/resources/bulk/BulkActions");
});

interface ListPageProps<R extends ListResource> {
  resource: R;
  title: string;
  searchLabel: string;
  /** The field in which the text is looked for, where the server keeps no text index of the resource. */
  searchBy?: string;
  columns: Column<ListRecords[R]>[];
  filters?: Filter[];
  /** Conditions where the address names none; a constant, so that it stays the same object. */
  defaultFilter?: string[];
  defaultSort: string;
  href?: (row: ListRecords[R]) => string;
  nameOf: (row: ListRecords[R]) => string;
  onEdit?: (row: ListRecords[R], change: object, what: string) => void;
  /** What stands between the title bar and the list. */
  banner?: ReactNode;
  /** Buttons in the title bar. */
  actions?: ReactNode;
  /** What stands there when there is nothing at all. */
  empty: ReactNode;
  /** Further buttons of the selection bar, for the selected rows that are loaded. */
  selectionActions?: (rows: ListRecords[R][], clear: () => void) => ReactNode;
}

/** Title bar, search, filters, columns, the grid and its states: every list of the app. */
export function ListPage<R extends ListResource>(props: ListPageProps<R>) {
  const { resource, defaultSort, defaultFilter } = props;
  const custom = useCustomColumns<ListRecords[R]>(resource);
  const kind = kindOf(resource);
  const policy = useAccess()?.policy;
  const columns = useMemo(() => {
    const all = [...props.columns, ...custom.columns];
    return kind && policy ? all.flatMap((column) => ruledColumn(policy, kind, column)) : all;
  }, [props.columns, custom.columns, kind, policy]);
  const filters = [...(props.filters ?? []), ...custom.filters].filter(
    ({ field }) => !kind || !policy || fieldState(policy, kind, field) !== "hidden",
  );
  const t = useT();
  const data = useData();
  const formats = useFormats();
  const isPhone = useIsPhone();
  const mayWrite = useMay("write", kind);
  const mayBulk = mayWrite && kind !== undefined;
  const mayExport = useMay("export_records");
  const [search, setSearch, address] = useListSearch(defaultFilter);
  const list = useList(resource, defaultSort, props.searchBy, defaultFilter) as ListResult<ListRecords[R]>;
  const { initialOffset, onScrolled } = useListMemory(resource, address);
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const selected = useMemo(() => list.rows.filter((row) => selection.has(row.id)), [list.rows, selection]);
  // All that a query finds; another query is another selection.
  const query = toListQuery(search, defaultSort, props.searchBy);
  const [allOf, setAllOf] = useState<string | null>(null);
  const isAll = allOf !== null && allOf === JSON.stringify(query);
  const nSelected = isAll ? (list.count?.count ?? selected.length) : selected.length;
  const isSelectable = mayBulk || props.selectionActions !== undefined;
  function select(next: Selection) {
    setAllOf(null);
    setSelection(next);
  }
  const storageKey = `rapport.columns.${resource}`;
  const visible = useMemo(
    () => visibleColumns(columns, search.cols ?? localStorage.getItem(storageKey), isPhone),
    [columns, search.cols, storageKey, isPhone],
  );
  const sort = search.sort ?? defaultSort;

  function showColumns(ids: string[]) {
    localStorage.setItem(storageKey, ids.join(","));
    setSearch({ ...search, cols: ids.join(",") });
  }

  return (
    <div className="relative grid h-full min-h-0 grid-rows-[auto_auto_minmax(0,1fr)]">
      <PageHeader
        title={props.title}
        note={
          list.count &&
          t(list.count.isExact ? "list.count" : "list.countAbout", {
            count: list.count.count,
            text: formats.number(list.count.count),
          })
        }
        actions={props.actions}
      />
      <div className="border-b">
        {props.banner}
        <div className="flex flex-wrap items-center gap-1.5 px-4 py-1.5">
          <SearchField
            label={props.searchLabel}
            value={search.q ?? ""}
            onChange={(q) => setSearch({ ...search, q })}
          />
          {isViewed(resource) && <SavedViews list={resource} search={search} onSearch={setSearch} />}
          {props.filters && <FilterBar filters={filters} search={search} onSearch={setSearch} />}
          <ColumnMenu columns={columns} visible={visible} onChange={showColumns} />
          {isExported(resource) && mayExport && (
            <ExportMenu hrefOf={(format) => data.exportHref(resource, query, format)} />
          )}
        </div>
      </div>
      {list.error && list.rows.length === 0 ? (
        <ErrorState
          error={list.error}
          onRetry={() => void list.retry()}
          action={
            // A link can ask for what the list does not have; asking again changes nothing.
            (list.isFiltered || search.sort) && (
              <Button onClick={() => setSearch({})}>{t("list.clearAll")}</Button>
            )
          }
        />
      ) : list.isLoading ? (
        <LoadingRows label={t("common.loading")} />
      ) : list.rows.length === 0 ? (
        list.isFiltered ? (
          <EmptyState
            title={t("list.noMatch")}
            text={t("list.noMatchHint")}
            action={<Button onClick={() => setSearch({})}>{t("list.clearAll")}</Button>}
          />
        ) : (
          <div>{props.empty}</div>
        )
      ) : (
        <DataGrid
          label={props.title}
          columns={visible}
          list={list}
          initialOffset={initialOffset}
          onScrolled={onScrolled}
          sort={sort}
          onSort={(field) => {
            const next = nextSort(sort, field);
            const { sort: _, ...rest } = search;
            setSearch(next ? { ...rest, sort: next } : rest);
          }}
          href={props.href}
          nameOf={props.nameOf}
          onEdit={mayWrite ? props.onEdit : undefined}
          {...(isSelectable ? { selection, onSelection: select } : {})}
          isPhone={isPhone}
        />
      )}
      {isSelectable && (
        <SelectionBar n={nSelected} onClear={() => select(NOTHING)}>
          {!isAll && props.selectionActions?.(selected, () => select(NOTHING))}
          {mayBulk && (
            <Suspense>
              <BulkActions
                resource={resource as EditResource}
                target={isAll ? { query } : { ids: selected.map(({ id }) => id) }}
                n={nSelected}
                all={isAll ? null : list.count}
                onAll={() => setAllOf(JSON.stringify(query))}
                onDone={() => select(NOTHING)}
              />
            </Suspense>
          )}
        </SelectionBar>
      )}
    </div>
  );
}

/** A column as a role has its field: changed in place, only read, or not there. */
function ruledColumn<T>(policy: RolePolicy, kind: OwnedKind, column: Column<T>): Column<T>[] {
  const state = fieldState(policy, kind, column.id);
  if (state === "hidden") return [];
  return state === "edit" ? [column] : [readOnly(column)];
}

const readOnly = <T,>({ edit: _, ...column }: Column<T>): Column<T> => column;

const isExported = (resource: ListResource): resource is ExportedList =>
  (EXPORTED_LISTS as readonly string[]).includes(resource);

function LoadingRows({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="overflow-hidden pt-8">
      {Array.from({ length: 18 }, (_, i) => (
        <div key={i} className="flex h-9 items-center gap-12 border-b px-4">
          <Skeleton className="w-44" />
          <Skeleton className="w-28" />
          <Skeleton className="w-20 phone:hidden" />
          <Skeleton className="w-32 phone:hidden" />
        </div>
      ))}
    </div>
  );
}
