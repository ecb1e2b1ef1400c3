import { Columns3 } from "lucide-react";
import type { KeyboardEvent } from "react";

import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Popover } from "@/components/ui/Popover";
import { useT } from "@/i18n";
import type { Column } from "./columns";

interface ColumnMenuProps<T> {
  columns: Column<T>[];
  visible: Column<T>[];
  onChange: (ids: string[]) => void;
}

/** The columns to choose from. It stays open: people change several in one go. */
export function ColumnMenu<T>({ columns, visible, onChange }: ColumnMenuProps<T>) {
  const t = useT();
  const ids = visible.map((column) => column.id);
  return (
    <Popover
      label={t("list.columns")}
      className="w-auto min-w-44 p-1"
      trigger={
        <Button className="phone:hidden">
          <Columns3 />
          {t("list.columns")}
        </Button>
      }
    >
      <ul className="scrollbar-thin max-h-80 overflow-y-auto" onKeyDown={walk}>
        {columns
          .filter((column) => !column.isPinned)
          .map(({ id, header }) => (
            <li key={id}>
              <label className="flex h-8 cursor-default items-center gap-2 rounded-md px-2 select-none focus-within:bg-hover hover:bg-hover">
                <Checkbox
                  aria-label={header}
                  checked={ids.includes(id)}
                  onCheckedChange={(isVisible) =>
                    onChange(isVisible === true ? [...ids, id] : ids.filter((shown) => shown !== id))
                  }
                />
                {header}
              </label>
            </li>
          ))}
      </ul>
    </Popover>
  );
}

/** Arrows, Home and End walk through the boxes, as Tab does. */
function walk(event: KeyboardEvent<HTMLUListElement>) {
  const boxes = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=checkbox]")];
  const at = boxes.indexOf(event.target as HTMLElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: boxes.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  boxes[next]?.focus();
}
