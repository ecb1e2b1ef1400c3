import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { User, Users, X } from "lucide-react";

import { useData } from "@/api/context";
import type { OwnedKind, Share, ShareInput } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Badge } from "@/components/ui/bits";
import { IconButton } from "@/components/ui/Button";
import { Select } from "@/components/ui/fields";
import { ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { Refusal } from "./Refusal";
import { ShareForm } from "./ShareForm";

export const sharerOf = (share: Share) => (share.user ?? share.team)!;

const asInput = (share: Share): ShareInput => ({
  ...(share.user ? { user_id: share.user.id } : { team_id: share.team!.id }),
  may_write: share.may_write,
});

interface SharesProps {
  kind: OwnedKind;
  id: string;
  mayChange: boolean;
}

/** With whom a record is shared; who may change the record may change that, too. */
export function Shares({ kind, id, mayChange }: SharesProps) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const shares = useQuery({ queryKey: keys.shares(kind, id), queryFn: () => data.shares(kind, id) });
  const save = useMutation({
    mutationFn: (next: ShareInput[]) => data.setShares(kind, id, next),
    onSuccess: (saved) => client.setQueryData(keys.shares(kind, id), saved),
  });
  if (shares.error) return <ErrorState error={shares.error} onRetry={() => void shares.refetch()} />;
  if (!shares.data) return null;
  const listed = shares.data;
  return (
    <section aria-label={t("sharing.with")} className="grid gap-2 border-t pt-3">
      <h3 className="text-xs font-medium text-ink-2">{t("sharing.with")}</h3>
      {listed.length === 0 ? (
        <p className="text-xs text-ink-2">{t("sharing.none")}</p>
      ) : (
        <ul className="grid gap-1">
          {listed.map((share) => (
            <ShareLine
              key={sharerOf(share).id}
              share={share}
              mayChange={mayChange}
              isBusy={save.isPending}
              onChange={(may_write) =>
                save.mutate(listed.map((one) => asInput(one === share ? { ...one, may_write } : one)))
              }
              onRemove={() => save.mutate(listed.filter((one) => one !== share).map(asInput))}
            />
          ))}
        </ul>
      )}
      <Refusal error={save.error} />
      {mayChange && (
        <ShareForm
          shares={listed}
          isBusy={save.isPending}
          onAdd={(share) => save.mutate([...listed.map(asInput), share])}
        />
      )}
    </section>
  );
}

interface ShareLineProps {
  share: Share;
  mayChange: boolean;
  isBusy: boolean;
  onChange: (mayWrite: boolean) => void;
  onRemove: () => void;
}

function ShareLine({ share, mayChange, isBusy, onChange, onRemove }: ShareLineProps) {
  const t = useT();
  const { name } = sharerOf(share);
  const Sign = share.team ? Users : User;
  return (
    <li className="flex items-center gap-2">
      <Sign className="size-4 shrink-0 text-ink-3" aria-hidden />
      <span className="min-w-0 flex-1">
        <span className="block truncate" title={name}>
          {name}
        </span>
        {share.team && <span className="block text-xs text-ink-2">{t("sharing.teamNote")}</span>}
      </span>
      {mayChange ? (
        <>
          <Select
            aria-label={t("sharing.mayOf", { name })}
            className="w-24"
            disabled={isBusy}
            value={share.may_write ? "edit" : "see"}
            onChange={(event) => onChange(event.target.value === "edit")}
          >
            <option value="see">{t("sharing.see")}</option>
            <option value="edit">{t("sharing.edit")}</option>
          </Select>
          <IconButton label={t("sharing.remove", { name })} disabled={isBusy} onClick={onRemove}>
            <X />
          </IconButton>
        </>
      ) : (
        <Badge>{t(share.may_write ? "sharing.edit" : "sharing.see")}</Badge>
      )}
    </li>
  );
}
