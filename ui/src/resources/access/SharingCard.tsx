import { LifeBuoy } from "lucide-react";
import { useState } from "react";

import type { OwnedKind, Reference } from "@/api/types";
import { InlineChoice } from "@/components/admin/InlineChoice";
import { Card, CardTitle, Fact, Facts } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { useT } from "@/i18n";
import { useOwnerOptions } from "@/resources/pickers/options";
import { useAccess } from "@/resources/session/useAccess";
import { useFieldState } from "@/resources/session/useFieldState";
import { useMayChange } from "@/resources/session/useMayChange";
import { grantOf } from "./accessModel";
import { ConfirmDialog } from "./ConfirmDialog";
import { Refusal } from "./Refusal";
import { Shares } from "./Shares";
import { useClaim } from "./useClaim";

export interface SharingCardProps {
  kind: OwnedKind;
  record: { id: string; owner: Reference | null };
  /** What the record is called. */
  name: string;
  onAssign: (owner_id: string | null) => void;
}

/** Who is in charge of a record, whether it is in the pool, and with whom it is shared. */
export default function SharingCard({ kind, record, name, onAssign }: SharingCardProps) {
  const t = useT();
  const access = useAccess();
  const mayChange = useMayChange(kind, record) ?? false;
  const mayGive = useFieldState(kind)("owner_id") === "edit";
  const owners = useOwnerOptions(record.owner);
  const takesFromPool = access !== null && grantOf(access.policy, kind).pool;
  const isNobodys = record.owner === null;
  return (
    <Card>
      <CardTitle>{t("sharing.title")}</CardTitle>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3 px-4 pb-4">
        <Facts>
          <Fact label={t("sharing.owner")}>
            {mayChange && mayGive ? (
              <InlineChoice
                label={t("sharing.owner")}
                value={record.owner?.id ?? null}
                options={owners}
                onSave={onAssign}
              />
            ) : (
              (record.owner?.name ?? "—")
            )}
          </Fact>
        </Facts>
        {isNobodys && (
          <p className="flex items-center gap-2 text-ink-2">
            <LifeBuoy className="size-4 shrink-0" aria-hidden />
            {t("sharing.nobody")}
          </p>
        )}
        {access && !mayChange && (
          <p className="text-xs text-ink-2">
            {t(isNobodys && takesFromPool ? "sharing.poolOnly" : "sharing.readOnly")}
          </p>
        )}
        {takesFromPool && (isNobodys || mayChange) && (
          <PoolButtons kind={kind} id={record.id} name={name} isNobodys={isNobodys} />
        )}
        <Shares kind={kind} id={record.id} mayChange={mayChange} />
      </div>
    </Card>
  );
}

interface PoolButtonsProps {
  kind: OwnedKind;
  id: string;
  name: string;
  isNobodys: boolean;
}

function PoolButtons({ kind, id, name, isNobodys }: PoolButtonsProps) {
  const t = useT();
  const { claim, release } = useClaim(kind);
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      {isNobodys ? (
        <Button
          variant="primary"
          className="justify-self-start"
          disabled={claim.isPending}
          onClick={() => claim.mutate({ id, name })}
        >
          {t("pool.claim")}
        </Button>
      ) : (
        <Button size="sm" className="justify-self-start" onClick={() => (release.reset(), setAsking(true))}>
          {t("pool.release")}
        </Button>
      )}
      <Refusal error={claim.error} />
      {isAsking && (
        <ConfirmDialog
          title={t("pool.releaseConfirm", { name })}
          effect={t("pool.releaseEffect")}
          action={t("pool.release")}
          isPending={release.isPending}
          error={release.error}
          onConfirm={() => release.mutate({ id, name }, { onSuccess: () => setAsking(false) })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
