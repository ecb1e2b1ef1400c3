import { Columns3 } from "lucide-react";

import { Button } from "@/components/ui/Button";
import { Menu, MenuCheckItem } from "@/components/ui/Menu";
import { useT } from "@/i18n";
import type { Column } from "./columns";

interface ColumnMenuProps<T> {
  columns: Column<T>[];
  visible: Column<T>[];
  onChange: (ids: string[]) => void;
}

export function ColumnMenu<T>({ columns, visible, onChange }: ColumnMenuProps<T>) {
  const t = useT();
  const ids = visible.map((column) => column.id);
  return (
    <Menu
      trigger={
        <Button className="phone:hidden">
          <Columns3 />
          {t("list.columns")}
        </Button>
      }
    >
      {columns
        .filter((column) => !column.isPinned)
        .map((column) => (
          <MenuCheckItem
            key={column.id}
            checked={ids.includes(column.id)}
            // Stay open: people change several columns in one go.
            onSelect={(event) => event.preventDefault()}
            onCheckedChange={(isVisible) =>
              onChange(isVisible ? [...ids, column.id] : ids.filter((id) => id !== column.id))
            }
          >
            {column.header}
          </MenuCheckItem>
        ))}
    </Menu>
  );
}
