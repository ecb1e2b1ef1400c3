import { ChartColumn, Table2 } from "lucide-react";
import { useState, type ReactNode } from "react";

import { IconButton } from "@/components/ui/Button";
import { CardTitle } from "@/components/ui/bits";
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

export function FigureTable({
  caption,
  headers,
  rows,
}: {
  caption: string;
  headers: string[];
  rows: (string | number)[][];
}) {
  return (
    <div className="scrollbar-thin max-h-72 overflow-auto px-4 pb-3" tabIndex={0}>
      <table className="numeric w-full text-xs">
        <caption className="sr-only">{caption}</caption>
        <thead className="text-left text-ink-3">
          <tr>
            {headers.map((header, i) => (
              <th
                key={header}
                scope="col"
                className={`border-b py-1.5 font-medium ${i > 0 ? "text-right" : ""}`}
              >
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="[&>tr:last-child>*]:border-b-0">
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((value, k) => (
                <td key={k} className={`border-b py-1.5 ${k > 0 ? "text-right" : ""}`}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
