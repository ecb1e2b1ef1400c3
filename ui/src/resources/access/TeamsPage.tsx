import { Link, useSearch } from "@tanstack/react-router";
import { Network, Plus, Users } from "lucide-react";

import type { Team } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Card, CardTitle, Skeleton } from "@/components/ui/bits";
import { cn } from "@/components/ui/cn";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { AccessFrame } from "./AccessFrame";
import { treeOf, type TeamNode } from "./accessModel";
import { TeamCard } from "./TeamCard";
import { TeamForm } from "./TeamForm";
import { TeamMembers } from "./TeamMembers";
import { useTeams } from "./useRights";

/** The departments and teams as a tree, and who is in the chosen one. */
export function TeamsPage() {
  const t = useT();
  const { team: chosen } = useSearch({ strict: false }) as { team?: string };
  const teams = useTeams();
  return (
    <AccessFrame
      title={t("teams.title")}
      actions={
        <Button asChild variant="primary">
          <Link to="/settings/teams" search={{ team: "new" }}>
            <Plus />
            {t("teams.new")}
          </Link>
        </Button>
      }
      side={<TeamTree teams={teams.data ?? []} chosen={chosen} />}
    >
      <p className="text-ink-2">{t("teams.hint")}</p>
      {teams.error ? (
        <ErrorState error={teams.error} onRetry={() => void teams.refetch()} />
      ) : teams.data ? (
        <Chosen chosen={chosen} teams={teams.data} />
      ) : (
        <div role="status" aria-label={t("common.loading")}>
          <Skeleton className="w-64" />
        </div>
      )}
    </AccessFrame>
  );
}

function Chosen({ chosen, teams }: { chosen: string | undefined; teams: Team[] }) {
  const t = useT();
  if (chosen === "new") return <TeamForm teams={teams} />;
  const team = teams.find(({ id }) => id === chosen);
  if (team === undefined) {
    return (
      <Card>
        {teams.length === 0 ? (
          <EmptyState icon={<Network />} title={t("teams.none")} text={t("teams.noneHint")} />
        ) : (
          <EmptyState icon={<Users />} title={t("teams.choose")} />
        )}
      </Card>
    );
  }
  return (
    <>
      <TeamMembers key={`members:${team.id}`} team={team} teams={teams} />
      <TeamCard key={team.id} team={team} teams={teams} />
    </>
  );
}

function TeamTree({ teams, chosen }: { teams: Team[]; chosen: string | undefined }) {
  const t = useT();
  return (
    <Card>
      <CardTitle>{t("teams.tree")}</CardTitle>
      <nav aria-label={t("teams.tree")} className="px-2 pb-2">
        {teams.length === 0 ? (
          <p className="px-2 text-ink-2">{t("teams.none")}</p>
        ) : (
          <Branch nodes={treeOf(teams)} chosen={chosen} />
        )}
      </nav>
    </Card>
  );
}

function Branch({ nodes, chosen }: { nodes: TeamNode[]; chosen: string | undefined }) {
  const t = useT();
  return (
    <ul>
      {nodes.map(({ team, below }) => {
        const Sign = team.kind === "department" ? Network : Users;
        return (
          <li key={team.id}>
            <Link
              to="/settings/teams"
              search={{ team: team.id }}
              aria-current={team.id === chosen ? "true" : undefined}
              className={cn(
                "flex min-h-8 items-center gap-2 rounded-md px-2 hover:bg-hover",
                team.id === chosen && "bg-selected font-medium",
              )}
            >
              <Sign className="size-4 shrink-0 text-ink-3" aria-hidden />
              <span className="sr-only">{t(`teams.is.${team.kind}`)}</span>
              <span className="min-w-0 flex-1 truncate" title={team.name}>
                {team.name}
              </span>
            </Link>
            {below.length > 0 && (
              <div className="ml-4 border-l pl-1">
                <Branch nodes={below} chosen={chosen} />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
