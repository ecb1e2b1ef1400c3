import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Team } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { useT } from "@/i18n";
import { ConfirmDialog } from "./ConfirmDialog";
import { TeamForm } from "./TeamForm";

/** The chosen team's name and place, and the way to delete it. */
export function TeamCard({ team, teams }: { team: Team; teams: Team[] }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isDeleting, setDeleting] = useState(false);
  const hasBelow = teams.some(({ parent_id }) => parent_id === team.id);
  const remove = useMutation({
    mutationFn: () => data.deleteTeam(team.id),
    onSuccess: async () => {
      toast.success(t("teams.deleted", { name: team.name }));
      await navigate({ to: "/settings/teams", search: {} });
      await client.invalidateQueries({ queryKey: keys.teams, exact: true });
    },
  });
  return (
    <>
      <TeamForm team={team} teams={teams} />
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="danger" disabled={hasBelow} onClick={() => setDeleting(true)}>
          {t("teams.delete")}
        </Button>
        {hasBelow && <p className="text-xs text-ink-2">{t("teams.hasBelow")}</p>}
      </div>
      {isDeleting && (
        <ConfirmDialog
          title={t("teams.deleteConfirm", { name: team.name })}
          effect={t("teams.deleteEffect")}
          action={t("teams.delete")}
          isPending={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}
