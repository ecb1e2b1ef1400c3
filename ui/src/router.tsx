import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type RouterHistory,
} from "@tanstack/react-router";

import type { DataProvider } from "@/api/dataProvider";
import { parseListSearch, type ListSearch } from "@/components/admin/listState";
import { parseSearch, stringifySearch } from "@/components/admin/searchParams";
import { loadTexts } from "@/i18n";
import { Shell } from "@/layout/Shell";
import { NotFound, RouteError, RoutePending } from "@/layout/RouteStates";
import { parseAuditSearch } from "@/resources/audit/auditSearch";
import { parseDuplicatesSearch } from "@/resources/duplicates/queueModel";
import { parseComparison } from "@/resources/runs/comparison";
import { sessionQuery } from "@/resources/session/useSession";

interface RouterContext {
  client: QueryClient;
  data: DataProvider;
}

const root = createRootRouteWithContext<RouterContext>()({ notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (raw): { to?: string } => (typeof raw.to === "string" ? { to: raw.to } : {}),
  component: lazyRouteComponent(() => import("@/resources/session/SignIn"), "SignIn"),
});

/** Everything behind the sign-in. */
const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  component: Shell,
  beforeLoad: async ({ context: { client, data }, location }) => {
    const user = await client.ensureQueryData(sessionQuery(data));
    if (user === null) {
      const to = location.href === "/" ? {} : { to: location.href };
      throw redirect({ to: "/sign-in", search: to });
    }
  },
});

const listSearch = { validateSearch: (raw: Record<string, unknown>): ListSearch => parseListSearch(raw) };
/** `new=1` opens the dialog for a new record, so that it can be linked to. */
const listSearchOrNew = {
  validateSearch: (raw: Record<string, unknown>): ListSearch & { new?: string } => ({
    ...parseListSearch(raw),
    ...(raw.new === "1" ? { new: "1" } : {}),
  }),
};
/** Screens that use words of learning bring them along. */
const withTexts = async <T,>(screen: Promise<T>): Promise<T> => (await loadTexts("learning"), screen);
const withDealTexts = async <T,>(screen: Promise<T>): Promise<T> => (await loadTexts("deals"), screen);
const withImportTexts = async <T,>(screen: Promise<T>): Promise<T> => (await loadTexts("importing"), screen);
/** What was refused bears the same names on a day of a source as in an import. */
const withSourceTexts = async <T,>(screen: Promise<T>): Promise<T> => (
  await Promise.all([loadTexts("sources"), loadTexts("importing")]),
  screen
);
const withWebhookTexts = async <T,>(screen: Promise<T>): Promise<T> => (await loadTexts("webhooks"), screen);
const withMailboxTexts = async <T,>(screen: Promise<T>): Promise<T> => (await loadTexts("mailboxes"), screen);
const withDuplicates = async <T,>(screen: Promise<T>): Promise<T> => (await loadTexts("duplicates"), screen);
const withRights = async <T,>(screen: Promise<T>): Promise<T> => (await loadTexts("rights"), screen);
const withAuditTexts = async <T,>(screen: Promise<T>): Promise<T> => (
  await Promise.all([loadTexts("audit"), loadTexts("fields")]),
  screen
);
const under = { getParentRoute: () => app };

const routes = [
  createRoute({
    ...under,
    path: "/",
    component: lazyRouteComponent(() => import("@/resources/home/Home"), "Home"),
  }),
  createRoute({
    ...under,
    path: "/contacts",
    ...listSearchOrNew,
    component: lazyRouteComponent(() => import("@/resources/contacts/ContactList"), "ContactList"),
  }),
  createRoute({
    ...under,
    path: "/contacts/$id",
    component: lazyRouteComponent(() => import("@/resources/contacts/ContactShow"), "ContactShow"),
  }),
  createRoute({
    ...under,
    path: "/companies",
    ...listSearchOrNew,
    component: lazyRouteComponent(() => import("@/resources/companies/CompanyList"), "CompanyList"),
  }),
  createRoute({
    ...under,
    path: "/companies/$id",
    component: lazyRouteComponent(() => import("@/resources/companies/CompanyShow"), "CompanyShow"),
  }),
  createRoute({
    ...under,
    path: "/deals",
    validateSearch: (raw: Record<string, unknown>): ListSearch & { new?: string; pipeline?: string } => ({
      ...listSearchOrNew.validateSearch(raw),
      ...(typeof raw.pipeline === "string" ? { pipeline: raw.pipeline } : {}),
    }),
    component: lazyRouteComponent(() => withDealTexts(import("@/resources/deals/DealBoard")), "DealBoard"),
  }),
  createRoute({
    ...under,
    path: "/deals/list",
    ...listSearchOrNew,
    component: lazyRouteComponent(() => withDealTexts(import("@/resources/deals/DealList")), "DealList"),
  }),
  createRoute({
    ...under,
    path: "/deals/$id",
    component: lazyRouteComponent(() => withDealTexts(import("@/resources/deals/DealShow")), "DealShow"),
  }),
  createRoute({
    ...under,
    path: "/orders",
    ...listSearch,
    component: lazyRouteComponent(() => import("@/resources/orders/OrderList"), "OrderList"),
  }),
  createRoute({
    ...under,
    path: "/orders/$id",
    component: lazyRouteComponent(() => import("@/resources/orders/OrderShow"), "OrderShow"),
  }),
  createRoute({
    ...under,
    path: "/products",
    ...listSearch,
    component: lazyRouteComponent(() => import("@/resources/products/ProductList"), "ProductList"),
  }),
  createRoute({
    ...under,
    path: "/products/$id",
    component: lazyRouteComponent(() => import("@/resources/products/ProductShow"), "ProductShow"),
  }),
  createRoute({
    ...under,
    path: "/tickets",
    ...listSearchOrNew,
    component: lazyRouteComponent(() => import("@/resources/tickets/TicketList"), "TicketList"),
  }),
  createRoute({
    ...under,
    path: "/tickets/$id",
    component: lazyRouteComponent(() => import("@/resources/tickets/TicketShow"), "TicketShow"),
  }),
  createRoute({
    ...under,
    path: "/tasks",
    ...listSearchOrNew,
    component: lazyRouteComponent(() => import("@/resources/tasks/TaskList"), "TaskList"),
  }),
  createRoute({
    ...under,
    path: "/segments",
    validateSearch: (raw: Record<string, unknown>): { segment?: string } =>
      typeof raw.segment === "string" ? { segment: raw.segment } : {},
    component: lazyRouteComponent(
      () => withTexts(import("@/resources/segments/SegmentsPage")),
      "SegmentsPage",
    ),
  }),
  createRoute({
    ...under,
    path: "/models",
    component: lazyRouteComponent(() => withTexts(import("@/resources/models/ModelsPage")), "ModelsPage"),
  }),
  createRoute({
    ...under,
    path: "/models/$kind",
    validateSearch: (raw: Record<string, unknown>): { version?: number } => {
      const version = Number(raw.version);
      return Number.isInteger(version) && version > 0 ? { version } : {};
    },
    component: lazyRouteComponent(() => withTexts(import("@/resources/models/ModelShow")), "ModelShow"),
  }),
  createRoute({
    ...under,
    path: "/models/runs",
    ...listSearch,
    component: lazyRouteComponent(() => withTexts(import("@/resources/runs/RunList")), "RunList"),
  }),
  createRoute({
    ...under,
    path: "/models/runs/compare",
    validateSearch: parseComparison,
    component: lazyRouteComponent(() => withTexts(import("@/resources/runs/ComparePage")), "ComparePage"),
  }),
  createRoute({
    ...under,
    path: "/models/runs/$id",
    component: lazyRouteComponent(() => withTexts(import("@/resources/runs/RunShow")), "RunShow"),
  }),
  createRoute({
    ...under,
    path: "/imports",
    ...listSearch,
    component: lazyRouteComponent(() => import("@/resources/imports/ImportList"), "ImportList"),
  }),
  createRoute({
    ...under,
    path: "/imports/$id",
    component: lazyRouteComponent(
      () => withImportTexts(import("@/resources/imports/ImportShow")),
      "ImportShow",
    ),
  }),
  createRoute({
    ...under,
    path: "/sources",
    validateSearch: (raw: Record<string, unknown>): { source?: string } =>
      typeof raw.source === "string" ? { source: raw.source } : {},
    component: lazyRouteComponent(
      () => withSourceTexts(import("@/resources/sources/SourcesPage")),
      "SourcesPage",
    ),
  }),
  createRoute({
    ...under,
    path: "/duplicates",
    validateSearch: parseDuplicatesSearch,
    component: lazyRouteComponent(
      () => withDuplicates(import("@/resources/duplicates/DuplicatesPage")),
      "DuplicatesPage",
    ),
  }),
  createRoute({
    ...under,
    path: "/settings",
    component: lazyRouteComponent(() => import("@/resources/settings/Settings"), "Settings"),
  }),
  createRoute({
    ...under,
    path: "/settings/roles",
    validateSearch: (raw: Record<string, unknown>): { role?: string; like?: string } => ({
      ...(typeof raw.role === "string" ? { role: raw.role } : {}),
      ...(typeof raw.like === "string" ? { like: raw.like } : {}),
    }),
    component: lazyRouteComponent(() => withRights(import("@/resources/access/RolesPage")), "RolesPage"),
  }),
  createRoute({
    ...under,
    path: "/settings/teams",
    validateSearch: (raw: Record<string, unknown>): { team?: string } =>
      typeof raw.team === "string" ? { team: raw.team } : {},
    component: lazyRouteComponent(() => withRights(import("@/resources/access/TeamsPage")), "TeamsPage"),
  }),
  createRoute({
    ...under,
    path: "/settings/mailboxes",
    validateSearch: (raw: Record<string, unknown>): { mailbox?: string } =>
      typeof raw.mailbox === "string" ? { mailbox: raw.mailbox } : {},
    component: lazyRouteComponent(
      () => withMailboxTexts(import("@/resources/mailboxes/MailboxesPage")),
      "MailboxesPage",
    ),
  }),
  createRoute({
    ...under,
    path: "/settings/webhooks",
    validateSearch: (raw: Record<string, unknown>): { webhook?: string } =>
      typeof raw.webhook === "string" ? { webhook: raw.webhook } : {},
    component: lazyRouteComponent(
      () => withWebhookTexts(import("@/resources/webhooks/WebhooksPage")),
      "WebhooksPage",
    ),
  }),
  createRoute({
    ...under,
    path: "/settings/audit",
    validateSearch: parseAuditSearch,
    component: lazyRouteComponent(() => withAuditTexts(import("@/resources/audit/AuditPage")), "AuditPage"),
  }),
  createRoute({
    ...under,
    path: "/pool",
    validateSearch: (raw: Record<string, unknown>): { kind?: string } =>
      typeof raw.kind === "string" ? { kind: raw.kind } : {},
    component: lazyRouteComponent(() => withRights(import("@/resources/pool/PoolPage")), "PoolPage"),
  }),
];

/** The app's addresses. */
export function makeRouter(context: RouterContext, history?: RouterHistory) {
  return createRouter({
    routeTree: root.addChildren([signIn, app.addChildren(routes)]),
    context,
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultErrorComponent: RouteError,
    defaultPendingComponent: RoutePending,
    defaultPendingMs: 300,
    ...(history ? { history } : {}),
  });
}
