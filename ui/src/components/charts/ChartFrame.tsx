import { ChartColumn, Table2 } from "lucide-react";
import { useState, type ReactNode } from "react";

import { IconButton } from "@/components/ui/Button";
import { CardTitle } from "@/components/ui/bits";
import { Cell, HeadCell, Table } from "@/components/ui/Table";
import { useT } from "@/i18n";

interface ChartFrameProps {
  title: string;
  note?: ReactNode;
  headers: string[];
  /** The same figures as text, row by row. */
  rows: (string | number)[][];
  children: ReactNode;
}

/** A chart with its title and a switch to the same figures as a table. */
export function ChartFrame({ title, note, headers, rows, children }: ChartFrameProps) {
  const t = useT();
  const [isTable, setTable] = useState(false);
  return (
    <>
      <CardTitle
        action={
          <span className="flex items-center gap-2 text-ink-3">
            {note}
            <IconButton
              label={t(isTable ? "chart.asChart" : "chart.asTable")}
              onClick={() => setTable(!isTable)}
            >
              {isTable ? <ChartColumn /> : <Table2 />}
            </IconButton>
          </span>
        }
      >
        {title}
      </CardTitle>
      {isTable ? <FigureTable caption={title} headers={headers} rows={rows} /> : children}
    </>
  );
}

function FigureTable({
  caption,
  headers,
  rows,
}: {
  caption: string;
  headers: string[];
  rows: (string | number)[][];
}) {
  return (
    <Table
      caption={caption}
      className="max-h-72 pb-3"
      head={headers.map((header, i) => (
        <HeadCell key={header} isFigure={i > 0}>
          {header}
        </HeadCell>
      ))}
    >
      {rows.map((row, i) => (
        <tr key={i}>
          {row.map((value, k) => (
            <Cell key={k} isFigure={k > 0} className="py-1.5 text-xs">
              {value}
            </Cell>
          ))}
        </tr>
      ))}
    </Table>
  );
}
