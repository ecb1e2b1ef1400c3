import type { ComponentProps, ReactNode } from "react";

import { cn } from "./cn";

interface TableProps {
  /** What the table is called, for those who cannot see the title above it. */
  caption?: string;
  /** The id of the title above it. */
  labelledBy?: string;
  head: ReactNode;
  /** Rows; groups of them where the table is grouped. */
  children: ReactNode;
  isGrouped?: boolean;
  /** Of the frame, which scrolls. */
  className?: string;
  /** The least width before the frame scrolls sideways. */
  tableClassName?: string;
}

/** A table in a frame that scrolls by itself, also by the keyboard. */
export function Table({
  caption,
  labelledBy,
  head,
  children,
  isGrouped,
  className,
  tableClassName,
}: TableProps) {
  return (
    // Hidden labels of cells are placed within it: placed within the page, they would make that as wide as the table.
    <div className={cn("scrollbar-thin relative overflow-auto", className)} tabIndex={0}>
      <table
        className={cn("w-full", tableClassName)}
        {...(labelledBy ? { "aria-labelledby": labelledBy } : {})}
      >
        {caption && <caption className="sr-only">{caption}</caption>}
        <thead>
          <tr>{head}</tr>
        </thead>
        {isGrouped ? children : <RowGroup>{children}</RowGroup>}
      </table>
    </div>
  );
}

/** Rows that belong together; below the last of all the frame ends the table. */
export function RowGroup({ children }: { children: ReactNode }) {
  return <tbody className="last:[&>tr:last-child>*]:border-b-0">{children}</tbody>;
}

interface CellProps {
  /** Figures stand to the right, in digits of one width. */
  isFigure?: boolean;
}

export function HeadCell({ isFigure, className, ...rest }: ComponentProps<"th"> & CellProps) {
  return (
    <th
      scope="col"
      className={cn(
        "sticky top-0 border-b bg-raised px-4 py-2 text-xs font-medium text-ink-2",
        isFigure ? "text-right" : "text-left",
        className,
      )}
      {...rest}
    />
  );
}

export function RowHead({ className, ...rest }: ComponentProps<"th">) {
  return <th scope="row" className={cn("border-b px-4 py-2 text-left font-medium", className)} {...rest} />;
}

export function Cell({ isFigure, className, ...rest }: ComponentProps<"td"> & CellProps) {
  return <td className={cn("border-b px-4 py-2", isFigure && "numeric text-right", className)} {...rest} />;
}
