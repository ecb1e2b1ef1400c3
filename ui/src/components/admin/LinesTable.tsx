import type { ReactNode } from "react";

import { Table } from "@/components/ui/Table";
import { Paged } from "./Paged";
import type { useLines } from "./usePages";

interface LinesTableProps<T> {
  lines: ReturnType<typeof useLines<T>>;
  /** Said where there is none. */
  empty: string;
  labelledBy: string;
  head: ReactNode;
  children: (line: T) => ReactNode;
}

/** Lines of a file or of a report: a table that scrolls within its card, and the way to more of them. */
export function LinesTable<T>({ lines, empty, labelledBy, head, children }: LinesTableProps<T>) {
  return (
    <Paged pages={lines} empty={empty} isEmpty={lines.rows.length === 0}>
      {lines.rows.length > 0 && (
        <Table labelledBy={labelledBy} className="max-h-96" tableClassName="min-w-2xl" head={head}>
          {lines.rows.map(children)}
        </Table>
      )}
    </Paged>
  );
}
