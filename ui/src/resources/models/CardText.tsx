import { useMemo } from "react";

import { Skeleton } from "@/components/ui/bits";
import { ErrorState } from "@/components/ui/StateView";
import { Cell, HeadCell, Table } from "@/components/ui/Table";
import { useT } from "@/i18n";
import { parseMarkdown, type Block, type Span } from "./markdown";
import { useVersionDetail } from "./useVersion";

/** The model in words for people, as its folder holds them. */
export function CardText({ kind, version }: { kind: string; version: number }) {
  const t = useT();
  const { data: found, error, refetch } = useVersionDetail(kind, version);
  const blocks = useMemo(() => parseMarkdown(found?.card ?? ""), [found?.card]);
  return (
    <section aria-labelledby="card" className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <h3 id="card" className="font-semibold">
        {t("models.card")}
      </h3>
      {found ? (
        found.card === null ? (
          <p className="text-ink-2">{t("models.noCard")}</p>
        ) : (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-2 rounded-lg bg-sunken p-4 break-words">
            {blocks.map((block, i) => (
              <BlockView key={i} block={block} />
            ))}
          </div>
        )
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="w-2/3" />
      )}
      {found?.folder && (
        <p className="text-xs break-all text-ink-3">{t("models.folderIs", { folder: found.folder })}</p>
      )}
    </section>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading": {
      // The card's own title stands below the page's third level.
      const Tag = block.level === 1 ? "h4" : block.level === 2 ? "h5" : "h6";
      return (
        <Tag className="mt-1 font-semibold first:mt-0">
          <Spans spans={block.spans} />
        </Tag>
      );
    }
    case "paragraph":
      return (
        <p className="text-ink-2">
          <Spans spans={block.spans} />
        </p>
      );
    case "list": {
      const Tag = block.isOrdered ? "ol" : "ul";
      return (
        <Tag className={block.isOrdered ? "list-decimal pl-5 text-ink-2" : "list-disc pl-5 text-ink-2"}>
          {block.items.map((spans, i) => (
            <li key={i}>
              <Spans spans={spans} />
            </li>
          ))}
        </Tag>
      );
    }
    case "code":
      return (
        <pre className="scrollbar-thin overflow-x-auto rounded-md border bg-raised p-3 text-xs" tabIndex={0}>
          {block.text}
        </pre>
      );
    case "table":
      return (
        <Table
          className="rounded-md border bg-raised"
          head={block.head.map((spans, i) =>
            // A corner without words is no heading of a column.
            spans.length === 0 ? (
              <td key={i} className="border-b" />
            ) : (
              <HeadCell key={i} isFigure={i > 0} className="py-1.5">
                <Spans spans={spans} />
              </HeadCell>
            ),
          )}
        >
          {block.rows.map((row, i) => (
            <tr key={i}>
              {row.map((spans, k) => (
                <Cell key={k} isFigure={k > 0} className="py-1.5 text-xs">
                  <Spans spans={spans} />
                </Cell>
              ))}
            </tr>
          ))}
        </Table>
      );
  }
}

function Spans({ spans }: { spans: Span[] }) {
  return spans.map(({ text, style }, i) => {
    if (style === "strong")
      return (
        <strong key={i} className="font-semibold text-ink">
          {text}
        </strong>
      );
    if (style === "emphasis") return <em key={i}>{text}</em>;
    if (style === "code") return <code key={i}>{text}</code>;
    return text;
  });
}
