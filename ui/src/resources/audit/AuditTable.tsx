import { Link } from "@tanstack/react-router";
import { Undo2 } from "lucide-react";
import { useState } from "react";

import type { AuditEntry } from "@/api/types";
import { Badge } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Cell, HeadCell, RowHead, Table } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";
import { useIsPhone } from "@/layout/useIsPhone";
import { useMay } from "@/resources/session/useSession";
import { ActorName } from "./ActorName";
import { pageOf } from "./auditModel";
import { Changes } from "./Changes";
import { RestoreDialog } from "./RestoreDialog";
import { useEntryName } from "./useEntryName";

interface AuditTableProps {
  entries: AuditEntry[];
  /** What people call the records whose identifiers stand among the values. */
  names: Record<string, string>;
}

const TONES = { created: "good", deleted: "bad", erased: "bad", revoked: "warn" } as const;
const toneOf = (action: string) => TONES[action as keyof typeof TONES] ?? "plain";

/** Entries, the latest first. */
export function AuditTable({ entries, names }: AuditTableProps) {
  const t = useT();
  const formats = useFormats();
  const nameOf = useEntryName();
  const isPhone = useIsPhone();
  const mayWrite = useMay("write");
  const [asked, setAsked] = useState<AuditEntry | null>(null);
  return (
    <>
      <Table
        caption={t("audit.entries")}
        tableClassName="min-w-3xl phone:min-w-xl"
        head={
          <>
            <HeadCell>{t("audit.when")}</HeadCell>
            {!isPhone && <HeadCell>{t("audit.who")}</HeadCell>}
            <HeadCell>{t("audit.what")}</HeadCell>
            <HeadCell>{t("audit.changes")}</HeadCell>
            <HeadCell>
              <span className="sr-only">{t("audit.restore")}</span>
            </HeadCell>
          </>
        }
      >
        {entries.map((entry) => (
          <tr key={entry.id} className="align-top">
            <RowHead className="font-normal">
              <span className="whitespace-nowrap phone:whitespace-normal">{formats.dateTime(entry.at)}</span>
              {isPhone && (
                <span className="block text-ink-2">
                  <ActorName actor={entry.actor} />
                </span>
              )}
            </RowHead>
            {!isPhone && (
              <Cell>
                <ActorName actor={entry.actor} />
              </Cell>
            )}
            <Cell className="w-72">
              <div className="grid justify-items-start gap-1 phone:w-40">
                <Badge tone={toneOf(entry.action)}>{t(`audit.action.${entry.action}`)}</Badge>
                <EntryName entry={entry} />
                {entry.restores !== null && (
                  <span className="text-xs text-ink-2">
                    {t("audit.restores", { text: formats.number(entry.restores) })}
                  </span>
                )}
              </div>
            </Cell>
            <Cell>
              <Changes entry={entry} names={names} />
            </Cell>
            <Cell>
              {mayWrite && entry.can_restore && (
                <Button
                  size="sm"
                  aria-label={t("audit.restoreNamed", {
                    action: t(`audit.action.${entry.action}`),
                    name: nameOf(entry),
                  })}
                  onClick={() => setAsked(entry)}
                >
                  <Undo2 />
                  {t("audit.restore")}
                </Button>
              )}
            </Cell>
          </tr>
        ))}
      </Table>
      {asked && <RestoreDialog entry={asked} name={nameOf(asked)} onClose={() => setAsked(null)} />}
    </>
  );
}

function EntryName({ entry }: { entry: AuditEntry }) {
  const t = useT();
  const page = pageOf(entry);
  const kind = t(`audit.object.${entry.object}`);
  if (entry.title === null) return <span>{kind}</span>;
  return (
    <span className="min-w-0 break-words">
      <span className="text-ink-2">{kind} </span>
      {page ? (
        <Link {...page} className="font-medium hover:underline">
          {entry.title}
        </Link>
      ) : (
        <span className="font-medium">{entry.title}</span>
      )}
    </span>
  );
}
