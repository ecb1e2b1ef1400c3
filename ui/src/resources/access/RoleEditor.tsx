import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import { ApiError } from "@/api/problem";
import type { CustomRole, RolePolicy } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/bits";
import { Field, Input } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { messageOf, problemText } from "@/i18n/problems";
import { LaterRoleFields } from "./LaterRoleFields";
import { RoleActions } from "./RoleActions";
import { RoleMatrix } from "./RoleMatrix";
import { isSamePolicy } from "./roleModel";

interface RoleEditorProps {
  /** The role that is changed; a new one is made without it. */
  role?: CustomRole;
  name: string;
  policy: RolePolicy;
  onSaved: (role: CustomRole) => void;
  /** Begins anew from what the server has. */
  onDiscard?: () => void;
}

/** Puts a role together: its name, the picture of its grants, and what else it allows. */
export function RoleEditor({
  role,
  name: firstName,
  policy: firstPolicy,
  onSaved,
  onDiscard,
}: RoleEditorProps) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const [name, setName] = useState(firstName);
  const [policy, setPolicy] = useState(firstPolicy);
  const save = useMutation({
    mutationFn: () =>
      role ? data.updateRole(role.id, role.version, { name, policy }) : data.createRole({ name, policy }),
    onSuccess: (saved) => {
      toast.success(t("roles.saved", { name: saved.name }));
      client.setQueryData<CustomRole[]>(keys.roles, (roles = []) => [
        ...roles.filter(({ id }) => id !== saved.id),
        saved,
      ]);
      onSaved(saved);
      return client.invalidateQueries({ queryKey: keys.roles });
    },
  });
  const isChanged = name !== firstName || !isSamePolicy(policy, firstPolicy);

  return (
    <Card className="p-4">
      <form
        className="grid grid-cols-[minmax(0,1fr)] gap-4"
        onSubmit={(event) => (event.preventDefault(), save.mutate())}
      >
        <Field label={t("roles.name")} error={nameRefusal(save.error)} className="max-w-sm">
          {(props) => (
            <Input
              {...props}
              required
              maxLength={100}
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <RoleMatrix name={name || t("roles.new")} policy={policy} onChange={setPolicy} />
        <p className="text-xs text-ink-2">{t("roles.narrow")}</p>
        <RoleActions policy={policy} onChange={setPolicy} />
        <LaterRoleFields name={name || t("roles.new")} policy={policy} onChange={setPolicy} />
        {save.error && nameRefusal(save.error) === undefined && (
          <p role="alert" className="text-bad">
            {save.error instanceof ApiError && save.error.isConflict
              ? t("roles.conflict")
              : messageOf(save.error)}
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" disabled={save.isPending || (!!role && !isChanged)}>
            {t(role ? "roles.save" : "roles.create")}
          </Button>
          {isChanged && onDiscard && <Button onClick={onDiscard}>{t("roles.discard")}</Button>}
        </div>
      </form>
    </Card>
  );
}

/** A refusal that is about the name stands at the name. */
function nameRefusal(error: Error | null): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const violation = error.violations.find(({ pointer }) => pointer === "/name");
  if (violation) return problemText(violation);
  return error.code === "duplicate" ? messageOf(error) : undefined;
}
