import { ListFilter, X } from "lucide-react";
import { useState } from "react";

import type { Condition } from "@/api/dataProvider";
import { Button } from "@/components/ui/Button";
import { Popover } from "@/components/ui/Popover";
import { useFormats, useT } from "@/i18n";
import { FilterForm } from "./FilterForm";
import { valueText, type Filter } from "./filters";
import { conditionsOf, withCondition, withoutCondition, type ListSearch } from "./listState";

interface FilterBarProps {
  filters: Filter[];
  search: ListSearch;
  onSearch: (next: ListSearch) => void;
}

/** A button that adds a condition, and a chip for each one in force. */
export function FilterBar({ filters, search, onSearch }: FilterBarProps) {
  const t = useT();
  const { currency } = useFormats();
  // An amount can be typed only once it is known in what, and a choice takes something to choose from.
  const usable = filters.filter(
    ({ kind, options }) =>
      (kind !== "money" || currency !== null) && (kind !== "choice" || options?.length !== 0),
  );
  const [isOpen, setOpen] = useState(false);
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
          onDone={(added) => (setOpen(false), onSearch(withCondition(search, added)))}
        />
      </Popover>
      {conditionsOf(search).map((condition) => (
        <Chip
          key={`${condition.field}:${condition.op}:${condition.value}`}
          filters={filters}
          condition={condition}
          search={search}
          onSearch={onSearch}
        />
      ))}
    </>
  );
}

function Chip({ filters, condition, search, onSearch }: FilterBarProps & { condition: Condition }) {
  const t = useT();
  const formats = useFormats();
  const [isOpen, setOpen] = useState(false);
  const filter = filters.find((known) => known.field === condition.field) ?? {
    field: condition.field,
    label: condition.field,
    kind: "text" as const,
  };
  const operator = t(`filter.op.${filter.kind === "date" ? "date_" : ""}${condition.op}` as "filter.op.eq");
  const text = `${filter.label} ${operator} ${valueText(filter, condition, formats)}`.trim();
  return (
    <span className="inline-flex h-7 shrink-0 phone:h-8 items-center rounded-md border border-transparent bg-accent-soft text-accent-text">
      <Popover
        label={text}
        open={isOpen}
        onOpenChange={setOpen}
        trigger={
          <button type="button" className="h-full rounded-l-md pr-1 pl-2.5 text-xs font-medium">
            {text}
          </button>
        }
      >
        <FilterForm
          filters={filters}
          condition={condition}
          onDone={(changed) => (setOpen(false), onSearch(withCondition(search, changed, condition)))}
        />
      </Popover>
      <button
        type="button"
        aria-label={t("filter.remove", { filter: text })}
        className="grid h-full w-7 place-items-center rounded-r-md hover:bg-hover"
        onClick={() => onSearch(withoutCondition(search, condition))}
      >
        <X className="size-3.5" />
      </button>
    </span>
  );
}
