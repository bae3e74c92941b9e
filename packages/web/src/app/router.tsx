/** Every address of the app. Screens are fetched when they are first opened. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { readBacktestSearch, readBacktestsSearch } from '../features/backtests/search.ts'
import { readSearch } from '../features/leads/search.ts'
import { QueuePage } from '../features/queue/queue-page.tsx'
import { queueQuery } from '../features/queue/query.ts'
import { readQueueSearch } from '../features/queue/search.ts'
import { readAuditSearch } from '../features/settings/audit-search.ts'
import { ErrorState, NotFound, PageSkeleton } from '../ui/states.tsx'
import { queries } from './queries.ts'
import { fetchMe } from './session.ts'
import { Shell } from './shell.tsx'
import { loadTexts, withTexts } from './text.ts'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: ErrorState })

/** What needs nobody to be signed in. */
const open = createRoute({ getParentRoute: () => root, id: 'open' })
const isInstant = (value: unknown): value is string => typeof value === 'string' && !Number.isNaN(Date.parse(value))
const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const signIn = createRoute({
  getParentRoute: () => open,
  path: '/sign-in',
  validateSearch: ({ next }): { next?: string } => (text(next)?.startsWith('/') ? { next: text(next)! } : {}),
  component: lazyRouteComponent(
    withTexts('first-run', () => import('../features/first-run/sign-in-page.tsx')),
    'SignInPage',
  ),
})
const byLink = (path: '/setup' | '/join' | '/reset', name: 'SetUpPage' | 'JoinPage' | 'ResetPage') =>
  createRoute({
    getParentRoute: () => open,
    path,
    validateSearch: ({ token }): { token?: string } => (text(token) === undefined ? {} : { token: text(token)! }),
    component: lazyRouteComponent(
      withTexts('first-run', () => import('../features/first-run/link-pages.tsx')),
      name,
    ),
  })

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ location }) => {
    if ((await fetchMe()) === undefined) redirect({ to: '/sign-in', search: { next: location.href }, throw: true })
  },
  component: Shell,
})
const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    redirect({ to: '/queue', throw: true })
  },
})
const welcome = createRoute({
  getParentRoute: () => inside,
  path: '/welcome',
  component: lazyRouteComponent(
    withTexts('first-run', () => import('../features/first-run/welcome-page.tsx')),
    'WelcomePage',
  ),
})
const queue = createRoute({
  getParentRoute: () => inside,
  path: '/queue',
  validateSearch: readQueueSearch,
  loaderDeps: ({ search }) => search,
  loader: async ({ deps }) => {
    void queries.prefetchQuery(queueQuery(deps))
    await loadTexts(['queue', 'phrases'])
  },
  component: QueuePage, // with the first scripts: it is what most people open
})
const leads = createRoute({
  getParentRoute: () => inside,
  path: '/leads',
  validateSearch: readSearch,
  component: lazyRouteComponent(
    withTexts('leads', () => import('../features/leads/leads-page.tsx')),
    'LeadsPage',
  ),
})
const SHOWS = ['all', 'activities', 'levels', 'decisions', 'known'] as const
const lead = createRoute({
  getParentRoute: () => inside,
  path: '/leads/$lead',
  validateSearch: ({
    at,
    known,
    v,
    show,
  }): { at?: string; known?: string; v?: number; show?: (typeof SHOWS)[number] } => {
    const shown = SHOWS.find((each) => each === show)
    return {
      ...(isInstant(at) && { at }),
      ...(isInstant(at) && isInstant(known) && { known }),
      ...(isInstant(at) && typeof v === 'number' && { v }),
      ...(shown !== undefined && { show: shown }),
    }
  },
  component: lazyRouteComponent(
    withTexts(['lead', 'phrases'], () => import('../features/lead/lead-page.tsx')),
    'LeadPage',
  ),
})
const account = createRoute({
  getParentRoute: () => inside,
  path: '/accounts/$account',
  component: lazyRouteComponent(
    withTexts('lead', () => import('../features/accounts/account-page.tsx')),
    'AccountPage',
  ),
})
const definition = createRoute({
  getParentRoute: () => inside,
  path: '/definition',
  validateSearch: ({ tab }): { tab?: 'versions' | 'drafts' } => (tab === 'versions' || tab === 'drafts' ? { tab } : {}),
  component: lazyRouteComponent(
    withTexts('definition', () => import('../features/definition/definition-page.tsx')),
    'DefinitionPage',
  ),
})
const draft = createRoute({
  getParentRoute: () => inside,
  path: '/definition/drafts/$draft',
  validateSearch: ({ part, beside }): { part?: string; beside?: string } => ({
    ...(text(part) !== undefined && { part: text(part)! }),
    ...(text(beside) !== undefined && { beside: text(beside)! }),
  }),
  component: lazyRouteComponent(
    withTexts(['definition', 'phrases'], () => import('../features/definition/draft-page.tsx')),
    'DraftPage',
  ),
})
const version = createRoute({
  getParentRoute: () => inside,
  path: '/definition/versions/$version',
  validateSearch: ({ tab, against }): { tab?: 'text' | 'changes'; against?: number } => ({
    ...((tab === 'text' || tab === 'changes') && { tab }),
    ...(Number.isInteger(against) && { against: against as number }),
  }),
  component: lazyRouteComponent(
    withTexts('definition', () => import('../features/definition/version-page.tsx')),
    'VersionPage',
  ),
})
const backtests = createRoute({
  getParentRoute: () => inside,
  path: '/backtests',
  validateSearch: readBacktestsSearch,
  component: lazyRouteComponent(
    withTexts('backtests', () => import('../features/backtests/backtests-page.tsx')),
    'BacktestsPage',
  ),
})
const backtest = createRoute({
  getParentRoute: () => inside,
  path: '/backtests/$backtest',
  validateSearch: readBacktestSearch,
  component: lazyRouteComponent(
    withTexts(['backtests', 'gate'], () => import('../features/backtests/backtest-page.tsx')),
    'BacktestPage',
  ),
})
const proposal = createRoute({
  getParentRoute: () => inside,
  path: '/definition/proposals/$proposal',
  validateSearch: ({ tab }): { tab?: 'document' } => (tab === 'document' ? { tab } : {}),
  component: lazyRouteComponent(
    withTexts('definition', () => import('../features/definition/proposal/proposal-page.tsx')),
    'ProposalPage',
  ),
})
const imports = createRoute({
  getParentRoute: () => inside,
  path: '/import',
  component: lazyRouteComponent(
    withTexts('import', () => import('../features/import/import-page.tsx')),
    'ImportPage',
  ),
})
const importJob = createRoute({
  getParentRoute: () => inside,
  path: '/import/$import',
  component: lazyRouteComponent(
    withTexts('import', () => import('../features/import/import-job-page.tsx')),
    'ImportJobPage',
  ),
})
const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(
    withTexts('settings', () => import('../features/settings/settings-page.tsx')),
    'SettingsPage',
  ),
})
const settingsTab = createRoute({
  getParentRoute: () => inside,
  path: '/settings/$tab',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(
    withTexts('settings', () => import('../features/settings/settings-page.tsx')),
    'SettingsPage',
  ),
})
const reviews = createRoute({
  getParentRoute: () => inside,
  path: '/reviews',
  component: lazyRouteComponent(
    withTexts('reviews', () => import('../features/reviews/reviews-page.tsx')),
    'ReviewsPage',
  ),
})
const review = createRoute({
  getParentRoute: () => inside,
  path: '/reviews/$review',
  component: lazyRouteComponent(
    withTexts('reviews', () => import('../features/reviews/review-page.tsx')),
    'ReviewPage',
  ),
})
const alignment = createRoute({
  getParentRoute: () => inside,
  path: '/alignment',
  component: lazyRouteComponent(
    withTexts('alignment', () => import('../features/alignment/sessions-page.tsx')),
    'SessionsPage',
  ),
})
const alignmentSession = createRoute({
  getParentRoute: () => inside,
  path: '/alignment/$session',
  validateSearch: ({ lead, practise }): { lead?: number; practise?: true } => ({
    ...(Number.isInteger(lead) && Number(lead) >= 1 && { lead: Number(lead) }),
    ...(practise === true && { practise }),
  }),
  component: lazyRouteComponent(
    withTexts('alignment', () => import('../features/alignment/session-page.tsx')),
    'SessionPage',
  ),
})
const design = createRoute({
  getParentRoute: () => inside,
  path: '/design',
  component: lazyRouteComponent(
    withTexts('common', () => import('../features/design/design-page.tsx')),
    'DesignPage',
  ),
})

export const router = createRouter({
  search: { strict: true }, // what a screen does not know, as a campaign's marks, it does not get to see
  routeTree: root.addChildren([
    open.addChildren([
      signIn,
      byLink('/setup', 'SetUpPage'),
      byLink('/join', 'JoinPage'),
      byLink('/reset', 'ResetPage'),
    ]),
    inside.addChildren([
      home,
      welcome,
      queue,
      leads,
      lead,
      account,
      definition,
      draft,
      version,
      backtests,
      backtest,
      proposal,
      imports,
      importJob,
      settings,
      settingsTab,
      reviews,
      review,
      alignment,
      alignmentSession,
      design,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultPendingComponent: PageSkeleton,
  defaultPendingMs: 150,
})

/** The screen that was asked for comes while it is still being found out who asks. */
export function fetchScreen(): void {
  const [matchedRoutes] = router.getMatchedRoutes(router.latestLocation.pathname)
  for (const route of matchedRoutes) void router.loadRouteChunk(route)
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
