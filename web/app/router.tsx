import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { BrokenPage } from "#web/app/broken-page.tsx";
import { NotFound } from "#web/app/not-found.tsx";
import { Shell } from "#web/app/shell.tsx";

export interface Doorway {
  readonly signOut: () => void;
}

type Search = Readonly<Record<string, unknown>>;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A day, or a minute of it, in Japan. */
const moment = /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/;
const numberIn = (search: Search, name: string) => (Number.isInteger(search[name]) && Number(search[name]) > 0 ? { [name]: Number(search[name]) } : {});
const textIn = (search: Search, name: string, shape: RegExp) => (typeof search[name] === "string" && shape.test(search[name]) ? { [name]: search[name] } : {});

const root = createRootRouteWithContext<Doorway>()({
  component: Shell,
  notFoundComponent: NotFound,
  // What a URL may carry: numbers, handles and closed words. Anything else is dropped before a screen sees it.
  validateSearch: (search: Search): { peek?: string } => textIn(search, "peek", /^[a-z]+-\d{1,15}$/),
});

const page = (path: string, component: ReturnType<typeof lazyRouteComponent>, search: (given: Search) => object = () => ({})) =>
  createRoute({ getParentRoute: () => root, path, component, validateSearch: search });

const tree = root.addChildren([
  page(
    "/",
    lazyRouteComponent(() => import("#web/home/home.tsx"), "Home"),
  ),
  page(
    "/customers",
    lazyRouteComponent(() => import("#web/customers/customer-list.tsx"), "CustomerList"),
    (search) => ({
      ...textIn(search, "view", uuid),
      ...numberIn(search, "company"),
      ...numberIn(search, "import"),
      ...numberIn(search, "owner"),
      ...numberIn(search, "saved"),
      ...textIn(search, "hand", /^(starred|recent)$/),
    }),
  ),
  page(
    "/customers/new",
    lazyRouteComponent(() => import("#web/customers/create-customer.tsx"), "CreateCustomer"),
  ),
  page(
    "/customers/$customerNo",
    lazyRouteComponent(() => import("#web/customers/customer-page.tsx"), "CustomerPage"),
    (search) => ({ ...textIn(search, "tab", /^(purchases|exposures|readers)$/), ...textIn(search, "note", /^(note|call|visit|mail|meeting)$/) }),
  ),
  page(
    "/customers/$customerNo/person",
    lazyRouteComponent(() => import("#web/requests/person-page.tsx"), "PersonPage"),
  ),
  page(
    "/requests",
    lazyRouteComponent(() => import("#web/requests/requests-screen.tsx"), "RequestsScreen"),
  ),
  page(
    "/requests/$section",
    lazyRouteComponent(() => import("#web/requests/requests-screen.tsx"), "RequestsScreen"),
  ),
  page(
    "/companies",
    lazyRouteComponent(() => import("#web/companies/company-list.tsx"), "CompanyList"),
  ),
  page(
    "/companies/$companyNo",
    lazyRouteComponent(() => import("#web/companies/company-page.tsx"), "CompanyPage"),
    (search) => textIn(search, "tab", /^(purchases)$/),
  ),
  page(
    "/duplicates",
    lazyRouteComponent(() => import("#web/duplicates/duplicate-list.tsx"), "DuplicateList"),
    (search) => ({
      ...textIn(search, "kind", /^company$/),
      ...textIn(search, "state", /^not-duplicate$/),
      ...textIn(search, "pair", /^\d{1,10}(-\d{1,10}){1,4}$/),
    }),
  ),
  page(
    "/import",
    lazyRouteComponent(() => import("#web/imports/import-list.tsx"), "ImportList"),
  ),
  page(
    "/import/$importNo",
    lazyRouteComponent(() => import("#web/imports/import-page.tsx"), "ImportPage"),
  ),
  page(
    "/approvals",
    lazyRouteComponent(() => import("#web/approvals/approvals-page.tsx"), "ApprovalsPage"),
  ),
  page(
    "/lists",
    lazyRouteComponent(() => import("#web/lists/list-register.tsx"), "ListRegister"),
  ),
  page(
    "/lists/$listNo",
    lazyRouteComponent(() => import("#web/lists/list-page.tsx"), "ListPage"),
  ),
  page(
    "/ledger",
    lazyRouteComponent(() => import("#web/ledger/ledger-list.tsx"), "LedgerList"),
    (search) => ({
      ...textIn(search, "group", /^[a-z-]{1,20}$/),
      ...textIn(search, "type", /^[a-z.-]{1,60}$/),
      ...numberIn(search, "account"),
      ...numberIn(search, "customer"),
      ...textIn(search, "outcome", /^(ok|refused|failed)$/),
      ...textIn(search, "purpose", /^[a-z-]{1,20}$/),
      ...numberIn(search, "off"),
      ...numberIn(search, "large"),
      ...numberIn(search, "names"),
      ...textIn(search, "from", moment),
      ...textIn(search, "to", moment),
    }),
  ),
  page(
    "/ledger/replay",
    lazyRouteComponent(() => import("#web/ledger/replay-page.tsx"), "ReplayPage"),
    (search) => ({
      ...numberIn(search, "event"),
      ...numberIn(search, "account"),
      ...textIn(search, "day", /^\d{4}-\d\d-\d\d$/),
      ...numberIn(search, "minutes"),
      ...numberIn(search, "all"),
      ...numberIn(search, "names"),
    }),
  ),
  page(
    "/reach",
    lazyRouteComponent(() => import("#web/reach/reach-page.tsx"), "ReachPage"),
    (search) => textIn(search, "kind", /^(role|device)$/),
  ),
  page(
    "/reviews",
    lazyRouteComponent(() => import("#web/reviews/reviews-page.tsx"), "ReviewsPage"),
    (search) => numberIn(search, "customer"),
  ),
  page(
    "/reviews/$reviewNo",
    lazyRouteComponent(() => import("#web/reviews/review-page.tsx"), "ReviewPage"),
  ),
  page(
    "/incidents",
    lazyRouteComponent(() => import("#web/incidents/incidents-page.tsx"), "IncidentsPage"),
    (search) => ({ ...textIn(search, "tab", /^(signals|playbooks|thresholds)$/), ...textIn(search, "playbook", /^[a-z-]{1,20}$/) }),
  ),
  // One place with all its sections: whoever goes from one to the next by the arrow keys stays on the tabs.
  page(
    "/incidents/$incidentNo/{-$section}",
    lazyRouteComponent(() => import("#web/incidents/incident-page.tsx"), "IncidentPage"),
    (search) => ({ ...numberIn(search, "run"), ...textIn(search, "paper", /^[a-z-]{1,30}$/), ...textIn(search, "tier", /^[a-z]{1,20}$/) }),
  ),
  page(
    "/incident-papers/$draftNo",
    lazyRouteComponent(() => import("#web/incidents/drafts/paper-page.tsx"), "PaperPage"),
  ),
  page(
    "/measures",
    lazyRouteComponent(() => import("#web/measures/measures-page.tsx"), "MeasuresPage"),
  ),
  page(
    "/trash",
    lazyRouteComponent(() => import("#web/customers/trash.tsx"), "Trash"),
  ),
  page(
    "/operations",
    lazyRouteComponent(() => import("#web/customers/operations.tsx"), "Operations"),
  ),
  page(
    "/desk",
    lazyRouteComponent(() => import("#web/desk/desk-page.tsx"), "DeskPage"),
  ),
  page(
    "/desk/$incidentNo",
    lazyRouteComponent(() => import("#web/desk/desk-page.tsx"), "DeskPage"),
  ),
  page(
    "/desk/$incidentNo/$caseNo",
    lazyRouteComponent(() => import("#web/desk/desk-page.tsx"), "DeskPage"),
  ),
  page(
    "/record",
    lazyRouteComponent(() => import("#web/ledger/own-record.tsx"), "OwnRecord"),
    (search) => ({
      ...textIn(search, "view", /^list$/),
      ...textIn(search, "day", /^\d{4}-\d\d-\d\d$/),
      ...numberIn(search, "event"),
      ...numberIn(search, "minutes"),
      ...numberIn(search, "names"),
    }),
  ),
  page(
    "/monitoring",
    lazyRouteComponent(() => import("#web/monitoring/notice-page.tsx"), "NoticePage"),
  ),
  page(
    "/settings",
    lazyRouteComponent(() => import("#web/settings/settings.tsx"), "Settings"),
  ),
  page(
    "/settings/$section",
    lazyRouteComponent(() => import("#web/settings/settings.tsx"), "Settings"),
    (search) => textIn(search, "role", /^[a-z][a-z0-9-]{1,39}$/),
  ),
]);

export function createAppRouter() {
  return createRouter({ routeTree: tree, context: { signOut: () => {} }, defaultPreload: false, defaultErrorComponent: BrokenPage });
}
