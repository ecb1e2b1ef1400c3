import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Lock, Plus } from "lucide-react";

import { useData } from "@/api/context";
import type { CustomRole, Role } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Card, CardTitle, Skeleton } from "@/components/ui/bits";
import { cn } from "@/components/ui/cn";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { AccessFrame } from "./AccessFrame";
import { ReachLegend } from "./ReachChip";
import { BuiltInRole, OwnRole } from "./RoleCard";
import { RoleEditor } from "./RoleEditor";
import { BUILT_IN, builtInPolicy, copied, NEW_POLICY } from "./roleModel";
import { rolesQuery } from "./useRights";

/** What the address of the roles holds: the one that shows, and what a new one begins as. */
export interface RoleSearch {
  role?: string;
  like?: string;
}

const isBuiltIn = (id: string): id is Role => BUILT_IN.some((role) => role === id);

/** The roles at the side, the chosen one as a picture of what it allows. */
export function RolesPage() {
  const t = useT();
  const data = useData();
  const { role: chosen = "admin" } = useSearch({ strict: false }) as RoleSearch;
  const roles = useQuery(rolesQuery(data));
  return (
    <AccessFrame
      title={t("roles.title")}
      actions={
        <Button asChild variant="primary">
          <Link to="/settings/roles" search={{ role: "new" }}>
            <Plus />
            {t("roles.new")}
          </Link>
        </Button>
      }
      side={<RoleNav chosen={chosen} roles={roles.data ?? []} />}
    >
      <p className="text-ink-2">{t("roles.hint")}</p>
      {roles.error ? (
        <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />
      ) : roles.data ? (
        <Chosen chosen={chosen} roles={roles.data} />
      ) : (
        <div role="status" aria-label={t("common.loading")}>
          <Skeleton className="w-64" />
        </div>
      )}
      <Card className="p-4">
        <ReachLegend />
      </Card>
    </AccessFrame>
  );
}

function Chosen({ chosen, roles }: { chosen: string; roles: CustomRole[] }) {
  const t = useT();
  const navigate = useNavigate();
  const { like } = useSearch({ strict: false }) as RoleSearch;
  if (chosen === "new") {
    const own = roles.find(({ id }) => id === like);
    const builtIn = like !== undefined && isBuiltIn(like) ? like : undefined;
    const name = own?.name ?? (builtIn && t(`role.${builtIn}`));
    const policy = own?.policy ?? (builtIn && builtInPolicy(builtIn));
    return (
      <RoleEditor
        key={`new:${like}`}
        name={name ? t("roles.copyOf", { name }) : ""}
        policy={policy ? copied(policy) : NEW_POLICY}
        onSaved={({ id }) => void navigate({ to: "/settings/roles", search: { role: id } })}
      />
    );
  }
  if (isBuiltIn(chosen)) return <BuiltInRole role={chosen} />;
  const role = roles.find(({ id }) => id === chosen);
  if (!role) return <EmptyState title={t("roles.gone")} />;
  return <OwnRole key={role.id} role={role} />;
}

function RoleNav({ chosen, roles }: { chosen: string; roles: CustomRole[] }) {
  const t = useT();
  const line = (id: string, name: string) => (
    <li key={id}>
      <Link
        to="/settings/roles"
        search={{ role: id }}
        aria-current={id === chosen ? "true" : undefined}
        className={cn(
          "flex min-h-8 items-center gap-2 rounded-md px-2 hover:bg-hover",
          id === chosen && "bg-selected font-medium",
        )}
      >
        <span className="min-w-0 flex-1 truncate">{name}</span>
        {isBuiltIn(id) && <Lock className="size-3.5 text-ink-3" aria-hidden />}
      </Link>
    </li>
  );
  return (
    <Card>
      <nav aria-label={t("roles.list")} className="pb-2">
        <CardTitle>{t("roles.builtIn")}</CardTitle>
        <ul className="px-2">{BUILT_IN.map((id) => line(id, t(`role.${id}`)))}</ul>
        <CardTitle>{t("roles.own")}</CardTitle>
        {roles.length === 0 ? (
          <p className="px-4 text-ink-2">{t("roles.noOwn")}</p>
        ) : (
          <ul className="px-2">{roles.map(({ id, name }) => line(id, name))}</ul>
        )}
      </nav>
    </Card>
  );
}
