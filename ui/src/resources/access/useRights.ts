import { queryOptions, useQuery } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { DataProvider } from "@/api/dataProvider";
import { keys } from "@/components/admin/caches";

export const rolesQuery = (data: DataProvider) =>
  queryOptions({ queryKey: keys.roles, queryFn: () => data.roles() });

export const teamsQuery = (data: DataProvider) =>
  queryOptions({ queryKey: keys.teams, queryFn: () => data.teams() });

export const membersQuery = (data: DataProvider, team: string) =>
  queryOptions({ queryKey: keys.membersOf(team), queryFn: () => data.teamMembers(team) });

export const poolsQuery = (data: DataProvider) =>
  queryOptions({ queryKey: keys.pools, queryFn: () => data.pools() });

/** All users with what only administrators are told. */
export const usersQuery = (data: DataProvider) =>
  queryOptions({
    queryKey: keys.list("users"),
    queryFn: () => data.list("users", {}, { limit: 200 }),
  });

export const useTeams = () => useQuery(teamsQuery(useData()));
