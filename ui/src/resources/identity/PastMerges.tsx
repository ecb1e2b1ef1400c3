import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { useData } from "@/api/context";
import type { IdentityOperation } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Badge } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { useLikelihood } from "@/resources/duplicates/useLikelihood";
import { useOwnerFilterOptions } from "@/resources/pickers/options";
import { kindOf, otherOf, wayBackOf } from "./operationModel";
import UndoDialog from "./UndoDialog";
import { useMayMerge } from "./useMayMerge";

/** Who a contact came to be: every merge, split and decision, the latest first, with the way back. */
export function PastMerges({ contactId }: { contactId: string }) {
  const t = useT();
  const data = useData();
  const operations = useQuery({
    queryKey: keys.identityOperations(contactId),
    queryFn: () => data.identityOperations(contactId),
  }).data;
  const [undoing, setUndoing] = useState<{ operation: IdentityOperation; name: string } | null>(null);
  if (!operations || operations.length === 0) return null;
  // Whoever is there no more is known by the operation that made it go.
  const names = new Map(
    operations.flatMap(({ other_id, other_name }) => (other_name ? [[other_id, other_name] as const] : [])),
  );
  return (
    <section className="mt-5">
      <h2 id="past-merges" className="mb-1.5 text-xs font-medium text-ink-2">
        {t("identity.past")}
      </h2>
      <ul aria-labelledby="past-merges" className="divide-y rounded-lg border">
        {operations.map((operation) => (
          <li key={operation.id} className="px-3 py-2">
            <OperationLine
              operation={operation}
              contactId={contactId}
              names={names}
              onUndo={(name) => setUndoing({ operation, name })}
            />
          </li>
        ))}
      </ul>
      {undoing && <UndoDialog {...undoing} onClose={() => setUndoing(null)} />}
    </section>
  );
}

interface OperationLineProps {
  operation: IdentityOperation;
  contactId: string;
  names: ReadonlyMap<string, string>;
  onUndo: (name: string) => void;
}

function OperationLine({ operation, contactId, names, onUndo }: OperationLineProps) {
  const t = useT();
  const formats = useFormats();
  const likelihoodOf = useLikelihood();
  const may = useMayMerge();
  const users = useOwnerFilterOptions();
  const { at, user_id, system, reason, score, undone_by, erased_at } = operation;
  const otherId = otherOf(operation, contactId);
  const { name, isThere } = useName(otherId, operation.other_name ?? names.get(otherId));
  const whole = useName(operation.contact_id, names.get(operation.contact_id));
  const wayBack = wayBackOf(operation);
  const who = system
    ? t("identity.bySystem")
    : t("identity.by", {
        name: users.find(({ value }) => value === user_id)?.label ?? t("identity.someone"),
      });
  const facts = [
    formats.date(at),
    who,
    score === null
      ? null
      : t("identity.score", { percent: likelihoodOf({ probability: score, is_partial: false }).percent }),
  ];
  return (
    <>
      <p className={cn("break-words", undone_by !== null && "text-ink-2")}>
        {isThere && otherId !== contactId ? (
          <Link to="/contacts/$id" params={{ id: otherId }} className="hover:underline">
            {said()}
          </Link>
        ) : (
          said()
        )}
      </p>
      <p className="text-xs text-ink-3">{facts.filter(Boolean).join(" · ")}</p>
      {reason && <p className="text-xs break-words text-ink-2">“{reason}”</p>}
      {erased_at && <p className="text-xs text-ink-3">{t("identity.erased")}</p>}
      {undone_by !== null && <Badge className="mt-1">{t("identity.wasTakenBack")}</Badge>}
      {wayBack && (wayBack === "unmerge" ? may.merge : may.decide) && (
        <Button
          size="sm"
          className="mt-1"
          aria-label={t(`identity.${wayBack}Named`, { name })}
          onClick={() => onUndo(name)}
        >
          {t(`identity.${wayBack}`)}
        </Button>
      )}
    </>
  );

  function said(): string {
    const kind = kindOf(operation);
    const other = name;
    if (kind === "merge" && operation.contact_id !== contactId)
      return t("identity.did.mergeInto", { other, contact: whole.name });
    if (kind === "split" && operation.other_id === contactId) return t("identity.did.splitFrom", { other });
    return t(`identity.did.${kind}`, { other });
  }
}

/** What a contact is called, and whether it is there to be opened; asked for where nothing tells it. */
function useName(id: string, known: string | undefined): { name: string; isThere: boolean } {
  const t = useT();
  const data = useData();
  const { data: contact } = useQuery({
    queryKey: keys.record("contacts", id),
    queryFn: () => data.find("contacts", id),
    enabled: known === undefined,
    staleTime: 60_000,
    retry: false,
  });
  return { name: known ?? contact?.name ?? t("identity.somebody"), isThere: contact !== undefined };
}
