import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { CustomRole, Role } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { ConfirmDialog } from "./ConfirmDialog";
import { RoleActions } from "./RoleActions";
import { RoleEditor } from "./RoleEditor";
import { RoleMatrix } from "./RoleMatrix";
import { builtInPolicy } from "./roleModel";
import { rolesQuery, usersQuery } from "./useRights";

/** A built-in role: read, not changed, and a beginning for roles of one's own. */
export function BuiltInRole({ role }: { role: Role }) {
  const t = useT();
  const policy = builtInPolicy(role);
  const name = t(`role.${role}`);
  return (
    <Card className="grid grid-cols-[minmax(0,1fr)] gap-4 p-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-base font-semibold">{name}</h2>
        <CopyLink id={role} />
      </div>
      <p className="flex items-center gap-2 text-ink-2">
        <Lock className="size-4 shrink-0" aria-hidden />
        {t("roles.builtInHint")}
      </p>
      <RoleMatrix name={name} policy={policy} />
      <RoleActions policy={policy} />
      <Holders isHeld={(user) => user.role_id === null && user.role === role} />
    </Card>
  );
}

/** A role that somebody has put together: changed here, and deleted once nobody has it. */
export function OwnRole({ role }: { role: CustomRole }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  // As it was when the editing began: what others save meanwhile is not overwritten unseen.
  const [begun, setBegun] = useState({ role, n: 0 });
  const begin = (next: CustomRole) => setBegun(({ n }) => ({ role: next, n: n + 1 }));
  const [isDeleting, setDeleting] = useState(false);
  const users = useQuery(usersQuery(data));
  const isHeld = users.data?.items.some((user) => user.role_id === role.id) ?? true;
  const remove = useMutation({
    mutationFn: () => data.deleteRole(role.id),
    onSuccess: async () => {
      toast.success(t("roles.deleted", { name: role.name }));
      await navigate({ to: "/settings/roles", search: {} });
      await client.invalidateQueries({ queryKey: keys.roles });
    },
  });
  async function discard() {
    const roles = await client.fetchQuery({ ...rolesQuery(data), staleTime: 0 });
    begin(roles.find(({ id }) => id === role.id) ?? role);
  }
  return (
    <>
      <RoleEditor
        key={begun.n}
        role={begun.role}
        name={begun.role.name}
        policy={begun.role.policy}
        onSaved={begin}
        onDiscard={() => void discard()}
      />
      <Card className="flex flex-wrap items-center justify-between gap-3 p-4">
        <div className="min-w-0 flex-1">
          <Holders isHeld={(user) => user.role_id === role.id} />
          {isHeld && users.data && <p className="text-xs text-ink-2">{t("roles.heldHint")}</p>}
        </div>
        <CopyLink id={role.id} />
        <Button variant="danger" disabled={isHeld} onClick={() => setDeleting(true)}>
          {t("roles.delete")}
        </Button>
      </Card>
      {isDeleting && (
        <ConfirmDialog
          title={t("roles.deleteConfirm", { name: role.name })}
          effect={t("roles.deleteEffect")}
          action={t("roles.delete")}
          isPending={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}

function CopyLink({ id }: { id: string }) {
  const t = useT();
  return (
    <Button asChild>
      <Link to="/settings/roles" search={{ role: "new", like: id }}>
        {t("roles.copy")}
      </Link>
    </Button>
  );
}

interface HoldersProps {
  isHeld: (user: { role: Role | null; role_id: string | null }) => boolean;
}

function Holders({ isHeld }: HoldersProps) {
  const t = useT();
  const formats = useFormats();
  const users = useQuery(usersQuery(useData()));
  if (!users.data) return null;
  const names = users.data.items.filter(isHeld).map(({ name }) => name);
  if (names.length === 0) return <p className="text-ink-2">{t("roles.noHolders")}</p>;
  const count = names.length;
  return <p>{t("roles.holders", { count, text: formats.number(count), names: formats.list(names) })}</p>;
}
