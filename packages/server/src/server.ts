/** Everything put together: the only file that picks which parts make a running Winnow. */
import { areas, type Endpoint } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type { FastifyInstance } from 'fastify'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { createAuth } from './access/auth.ts'
import { createGate } from './access/gate.ts'
import { accessHandlers } from './access/handlers.ts'
import { createLimits } from './access/limits.ts'
import { renewSetupLink } from './access/links.ts'
import { readSecret } from './access/secret.ts'
import { createSourceLookup } from './access/sources.ts'
import { alignmentHandlers } from './alignment/handlers.ts'
import { auditHandlers } from './audit/handlers.ts'
import { backtestHandlers } from './backtests/handlers.ts'
import { backtestRunner } from './backtests/run.ts'
import { bulkHandlers } from './bulk/handlers.ts'
import { bulkRunner } from './bulk/run.ts'
import { createCapture } from './capture/handlers.ts'
import { postgresCaptureStore } from './capture/store.ts'
import { TrafficCounts } from './capture/traffic.ts'
import { Feed } from './changes/feed.ts'
import { createThinning } from './changes/thinning.ts'
import { changeHandlers } from './changes/handlers.ts'
import { createKeeper } from './columns/keep.ts'
import { createNoteThinning } from './columns/notes.ts'
import { commentHandlers } from './comments/handlers.ts'
import { consentHandlers } from './consent/handlers.ts'
import type { Config } from './config.ts'
import { openDatabase, type Database } from './db/database.ts'
import { startEmbedded } from './db/embedded.ts'
import { migrate } from './db/migrate.ts'
import { KeptOut } from './erasure/kept-out.ts'
import { erasureHandlers } from './erasure/handlers.ts'
import { demoHandlers } from './demo/handlers.ts'
import { createDemoLoading } from './demo/run.ts'
import { definitionHandlers } from './definitions/handlers.ts'
import { trialRunner } from './definitions/trial-run.ts'
import { exportHandlers } from './exports/handlers.ts'
import { createApp, type Route } from './http/app.ts'
import { createCursors } from './http/cursor.ts'
import type { AnyHandler } from './http/handler.ts'
import { importHandlers } from './imports/handlers.ts'
import { createImporting } from './imports/run.ts'
import { createJobs } from './jobs/run.ts'
import { accountHandlers } from './leads/account-handlers.ts'
import { decisionHandlers } from './leads/decision-handlers.ts'
import { leadHandlers } from './leads/handlers.ts'
import { Partitions } from './live/log.ts'
import { Plans } from './live/plans.ts'
import { createLiveThread } from './live/live-thread.ts'
import { createLive, type Live, type LiveOptions } from './live/runtime.ts'
import type { Taking } from './live/take.ts'
import { createLog } from './operation/log.ts'
import { operationHandlers } from './operation/handlers.ts'
import { readStatus } from './operation/status.ts'
import { createMetrics, type Metrics } from './operation/metrics.ts'
import { createGoingLive } from './proposals/going-live.ts'
import { proposalHandlers } from './proposals/handlers.ts'
import { queueHandlers } from './queue/handlers.ts'
import { createForgetting } from './retention/forget.ts'
import { retentionHandlers } from './retention/handlers.ts'
import { reviewHandlers } from './reviews/handlers.ts'
import { reviewRunner } from './reviews/prepare.ts'
import { segmentHandlers } from './segments/handlers.ts'

export interface RunningServer {
  readonly url: string
  readonly stop: () => Promise<void>
  /** Settled when the embedded database has ended by itself: nothing can go on then. */
  readonly failed: Promise<void>
}

export interface ServerParts {
  readonly config: Config
  /** Another clock than the real one: then everything happens in one thread. */
  readonly now?: () => Instant
  readonly log?: Logger
  readonly checksReplies?: boolean
  /** The built web app; that of this repository where not given. */
  readonly webFolder?: string
  /** For what is meant for whoever starts it, and for no log. */
  readonly print?: (line: string) => void
}

export const VERSION = '0.0.0'
const WEB_FOLDER = join(import.meta.dirname, '../../web/dist')

/** Starts the database if it is ours, brings its schema up to date, and serves. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { config, log = createLog(config.logLevel), print = console.log } = parts
  const embedded = config.databaseUrl === undefined ? await startEmbedded(config.folder) : undefined
  try {
    const databaseUrl = config.databaseUrl ?? embedded!.url
    const database = await openDatabase(databaseUrl)
    const applied = await migrate(database.pool)
    if (applied.length > 0) log.info({ migrations: applied }, 'schema brought up to date')
    const makeLive: MakeLive = (taking, options) =>
      parts.now === undefined
        ? createLiveThread({ url: databaseUrl, logLevel: config.logLevel, columns: config.columns }, options)
        : createLive(taking, options)
    const { app, serve, drain, close } = await assemble(database, { ...parts, log, makeLive })
    const url = await app.listen({ host: config.host, port: config.port })
    await serve()
    const token = await renewSetupLink(database.db, (parts.now ?? Date.now)())
    if (token !== undefined) print(setupLine(config.publicUrl ?? url, token))
    const stop = once(async () => {
      await drain()
      await app.close()
      await close()
      await database.close()
      await embedded?.stop()
    })
    return { url, stop, failed: embedded?.ended ?? new Promise<void>(() => {}) }
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}

const setupLine = (base: string, token: string) =>
  `Nobody can sign in yet. Make the administrator within a day: ${new URL(`/setup?token=${token}`, base).href}`

interface Assembled {
  readonly app: FastifyInstance
  readonly serve: () => Promise<void>
  readonly drain: () => Promise<void>
  /** When nobody asks for anything any more. */
  readonly close: () => Promise<void>
}

type RouteName = { [Area in keyof typeof areas]: keyof (typeof areas)[Area] }[keyof typeof areas]

/** In a thread of its own, or in this one. */
type MakeLive = (taking: Taking, options: LiveOptions) => Live

/** The parts above a database. */
export async function assemble(
  { db, pool }: Database,
  {
    config,
    log,
    now = Date.now,
    checksReplies = false,
    webFolder = WEB_FOLDER,
    makeLive = createLive,
  }: ServerParts & { readonly log: Logger; readonly makeLive?: MakeLive },
): Promise<Assembled> {
  let isServing = false
  const plans = new Plans()
  const newId = () => crypto.randomUUID()
  const { publicUrl } = config
  const secret = config.secret ?? (await readSecret(db))
  const auth = createAuth({ db, secret, publicUrl, log })
  const limits = createLimits(config.rates, now)
  const sources = createSourceLookup(db, now)
  const taking = { pool, plans, partitions: new Partitions(), now, newId, keptOut: new KeptOut(), log }
  const feed = new Feed({ pool, log })
  const live = makeLive(taking, {
    changed: feed.announce,
    observe: (batch) => metrics.observeBatch(batch),
    observeDue: (circles, ms) => metrics.observeDue(circles, ms),
  })
  const metrics: Metrics = createMetrics({ pool, depth: live.depth, now })
  const capture = createCapture({ intake: live, store: postgresCaptureStore(db), traffic: new TrafficCounts(db) })
  const cursors = createCursors(secret)
  const importing = createImporting({
    pool,
    plans,
    intake: live,
    companyDomain: async () => (await capture.rules(now())).companyDomain,
    now,
    log,
  })
  const demoLoading = createDemoLoading(taking)
  const leadParts = { db, pool, taking, intake: live, cursors, rules: capture.rules }
  const thinning = createThinning({ pool, now, log })
  const goingLive = createGoingLive({ taking, changed: feed.announce })
  const noteThinning = createNoteThinning({ pool, now, log })
  const forgetting = createForgetting({ taking, changed: feed.announce })
  const keeper = createKeeper({ pool, folder: config.columns, now, log })
  const jobs = createJobs({
    pool,
    now,
    log,
    runners: {
      trial: trialRunner(pool),
      bulk: bulkRunner(leadParts),
      backtest: backtestRunner({ pool, log, folder: config.columns }),
      review: reviewRunner({ db, pool, plans }),
    },
  })
  const handlers = {
    operation: operationHandlers({
      version: VERSION,
      areas,
      metrics,
      isServing: () => isServing,
      readStatus: () => readStatus(pool),
    }),
    access: accessHandlers({ db, auth, limits, sources, publicUrl }),
    audit: auditHandlers({ db, cursors }),
    capture: capture.handlers,
    imports: importHandlers({ pool, plans, cursors, newId }),
    exports: exportHandlers({ db, pool, plans }),
    demo: demoHandlers({ pool }),
    leads: leadHandlers(leadParts),
    accounts: accountHandlers(leadParts),
    decisions: decisionHandlers(leadParts),
    definitions: definitionHandlers({ db, taking, cursors, changed: feed.announce }),
    changes: changeHandlers({ pool, feed }),
    queue: queueHandlers({ ...leadParts, changed: feed.announce }),
    segments: segmentHandlers({ db, newId }),
    reviews: reviewHandlers({ db, pool, plans, newId }),
    consent: consentHandlers({ db, pool, taking }),
    alignment: alignmentHandlers({ db, pool, plans, newId, changed: feed.announce }),
    retention: retentionHandlers({ pool }),
    erasure: erasureHandlers({ pool, taking, cursors, changed: feed.announce }),
    comments: commentHandlers({ db, newId, changed: feed.announce }),
    proposals: proposalHandlers({ db, taking, changed: feed.announce }),
    bulkActions: bulkHandlers({ ...leadParts, changed: feed.announce }),
    backtests: backtestHandlers({ db, pool, cursors, newId }),
  } satisfies Record<keyof typeof areas, unknown>
  /** Who begins what a request has asked for, once it is answered; whoever else serves finds it within a second. */
  const begin: Readonly<Record<string, (() => void) | undefined>> = {
    runImport: importing.wake,
    loadDemo: demoLoading.wake,
    removeDemo: demoLoading.wake,
    startTrial: () => jobs.wake('trial'),
    propose: () => jobs.wake('trial'),
    tryProposalAgain: () => jobs.wake('trial'),
    startBulk: () => jobs.wake('bulk'),
    undoBulk: () => jobs.wake('bulk'),
    startBacktest: () => jobs.wake('backtest'),
    rerunBacktest: () => jobs.wake('backtest'),
    runGate: () => jobs.wake('backtest'),
    prepareReview: () => jobs.wake('review'),
    prepareAgain: () => jobs.wake('review'),
  } satisfies Partial<Record<RouteName, () => void>>
  const app = await createApp({
    routes: routesOf(areas, handlers),
    gate: createGate({ db, auth, limits, sources, publicUrl, isServing: () => isServing, now }),
    now,
    log,
    observe: (route, status, ms) => {
      metrics.observeRequest(route, status, ms)
      if (status < 300) begin[route]?.()
    },
    checksReplies,
    trustProxy: config.trustProxy,
    webFolder,
  })
  return {
    app,
    serve: async () => {
      live.start()
      importing.start()
      demoLoading.start()
      jobs.start()
      thinning.start()
      goingLive.start()
      forgetting.start()
      noteThinning.start()
      keeper.start()
      isServing = true
    },
    drain: async () => {
      isServing = false
      const loops = [importing, demoLoading, jobs, thinning, noteThinning, goingLive, forgetting]
      await Promise.all(loops.map((loop) => loop.stop()))
      await keeper.stop()
      await importing.stop()
      feed.stop()
      await live.stop()
      await capture.drain(now())
    },
    close: live.close,
  }
}

type Tables<T> = Readonly<Record<string, Readonly<Record<string, T>>>>

/** Each endpoint with its handler; the types have made sure that there is one. */
function routesOf(table: Tables<Endpoint>, handlers: Tables<AnyHandler>): Route[] {
  return Object.entries(table).flatMap(([area, endpoints]) =>
    Object.entries(endpoints).map(([name, endpoint]) => ({ name, endpoint, handler: handlers[area]![name]! })),
  )
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => (running ??= run())
}
