import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { CustomRole, Role, User, UserPatch } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Avatar, Badge } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Select } from "@/components/ui/fields";
import { useT } from "@/i18n";

export const BUILT_IN: Role[] = ["member", "viewer", "admin"];

interface UserLineProps {
  user: User;
  roles: CustomRole[];
  /** The names of the teams that the user is in; null until they are known. */
  teams: string[] | null;
}

/** One user: the role, which is changed here, and the teams. What is refused is said in the line. */
export function UserLine({ user, roles, teams }: UserLineProps) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const isLocked = user.disabled_at !== null;
  const change = useMutation({
    mutationFn: (patch: UserPatch) => data.updateUser(user.id, patch),
    onSuccess: (_, patch) => {
      if (patch.disabled === undefined) toast.success(t("settings.roleChanged", { name: user.name }));
      // Whoever changes the own role is somebody else from here on.
      return Promise.all(
        [keys.list("users"), keys.session, keys.ownAccess].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
  const choose = (id: string) => {
    const builtIn = BUILT_IN.find((role) => role === id);
    change.mutate(builtIn ? { role: builtIn } : { role_id: id });
  };
  return (
    <li className="grid gap-1 px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <Avatar name={user.name} />
        <span className="min-w-40 flex-1">
          <span className="block truncate font-medium">{user.name}</span>
          <span className="block truncate text-xs text-ink-2">{user.email}</span>
          <Teams names={teams} />
        </span>
        {isLocked && <Badge tone="warn">{t("settings.isLocked")}</Badge>}
        <Select
          aria-label={t("settings.roleOf", { name: user.name })}
          className="w-36"
          disabled={change.isPending}
          value={user.role_id ?? user.role ?? ""}
          onChange={(event) => choose(event.target.value)}
        >
          {BUILT_IN.map((role) => (
            <option key={role} value={role}>
              {t(`role.${role}`)}
            </option>
          ))}
          {roles.length > 0 && (
            <optgroup label={t("settings.ownRoles")}>
              {roles.map((role) => (
                <option key={role.id} value={role.id}>
                  {role.name}
                </option>
              ))}
            </optgroup>
          )}
        </Select>
        <Button
          aria-label={`${t(isLocked ? "settings.unlock" : "settings.lock")}: ${user.name}`}
          disabled={change.isPending}
          onClick={() => change.mutate({ disabled: !isLocked })}
        >
          {t(isLocked ? "settings.unlock" : "settings.lock")}
        </Button>
      </div>
      {change.error && (
        <p role="alert" className="text-bad">
          {messageOf(change.error)}
        </p>
      )}
    </li>
  );
}

function Teams({ names }: { names: string[] | null }) {
  const t = useT();
  if (names === null) return null;
  if (names.length === 0) return <span className="block text-xs text-ink-3">{t("settings.inNoTeam")}</span>;
  return (
    <span className="mt-0.5 flex flex-wrap gap-1">
      {names.map((name) => (
        <Badge key={name}>{name}</Badge>
      ))}
    </span>
  );
}
