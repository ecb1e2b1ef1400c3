import { ListFilter, X } from "lucide-react";
import { lazy, useState } from "react";

import type { Condition } from "@/api/dataProvider";
import { Button } from "@/components/ui/Button";
import { Popover } from "@/components/ui/Popover";
import { useFormats, useT } from "@/i18n";
import type { Filter } from "./filters";
import { groupsOf, withGroups, type ListSearch } from "./listState";
import { useConditionText } from "./useConditionText";

/** Most lists are read without a new filter: its form comes when it is asked for. */
const FilterForm = lazy(() => import("./FilterForm").then((module) => ({ default: module.FilterForm })));

interface FilterBarProps {
  filters: Filter[];
  search: ListSearch;
  onSearch: (next: ListSearch) => void;
}

/** A button that adds a condition, and a chip for each group of conditions in force. */
export function FilterBar({ filters, search, onSearch }: FilterBarProps) {
  const t = useT();
  const { currency } = useFormats();
  // An amount can be typed only once it is known in what, and a choice takes something to choose from.
  const usable = filters.filter(
    ({ kind, options }) =>
      (kind !== "money" || currency !== null) && (kind !== "choice" || options?.length !== 0),
  );
  const [isOpen, setOpen] = useState(false);
  const groups = groupsOf(search);
  return (
    <>
      <Popover
        label={t("filter.add")}
        open={isOpen}
        onOpenChange={setOpen}
        trigger={
          <Button>
            <ListFilter />
            {t("filter.add")}
          </Button>
        }
      >
        <FilterForm
          filters={usable}
          onDone={(added) => (setOpen(false), onSearch(withGroups(search, [...groups, added])))}
        />
      </Popover>
      {groups.map((group, at) => (
        <Chip
          key={JSON.stringify(group)}
          filters={filters}
          group={group}
          onChange={(changed) => onSearch(withGroups(search, groups.with(at, changed)))}
        />
      ))}
    </>
  );
}

interface ChipProps {
  filters: Filter[];
  group: Condition[];
  onChange: (group: Condition[]) => void;
}

function Chip({ filters, group, onChange }: ChipProps) {
  const t = useT();
  const textOf = useConditionText(filters);
  const [isOpen, setOpen] = useState(false);
  const text = group.map(textOf).join(` ${t("filter.or")} `);
  return (
    <span className="inline-flex h-7 max-w-full min-w-0 shrink-0 phone:h-8 items-center rounded-md border border-transparent bg-accent-soft text-accent-text">
      <Popover
        label={text}
        open={isOpen}
        onOpenChange={setOpen}
        trigger={
          <button type="button" className="h-full truncate rounded-l-md pr-1 pl-2.5 text-xs font-medium">
            {text}
          </button>
        }
      >
        <FilterForm
          filters={filters}
          group={group}
          onDone={(changed) => (setOpen(false), onChange(changed))}
        />
      </Popover>
      <button
        type="button"
        aria-label={t("filter.remove", { filter: text })}
        className="grid h-full w-7 shrink-0 place-items-center rounded-r-md hover:bg-hover"
        onClick={() => onChange([])}
      >
        <X className="size-3.5" />
      </button>
    </span>
  );
}
