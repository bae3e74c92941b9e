/**
 * A test runner for Stryker that loads the tests of the engine once and calls them, as functions, for mutant after mutant.
 *
 * Starting a test framework costs seconds; the tests that find a mutant cost milliseconds. What the engine's purity gives
 * is used here: nothing a test does is seen by the next one, so no process, thread or module graph needs to be new.
 * A mutant in code that runs while a module loads is the exception: for it all modules are loaded anew.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import {
  determineHitLimitReached,
  DryRunStatus,
  MutantRunStatus,
  TestStatus,
  toMutantRunResult,
  type DryRunOptions,
  type DryRunResult,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
} from '@stryker-mutator/api/test-runner'
import type { MutantCoverage } from '@stryker-mutator/api/core'
import fc from 'fast-check'
import { beginFile, endFile, type RegisteredTest } from './registry.ts'
import { isDrawn } from './sample.ts'

/** What the instrumented code looks at. */
interface Switches {
  activeMutant?: string | undefined
  /** The same as a number, -1 for none: what lightened code compares with. */
  mutant: number
  hitCount?: number
  hitLimit?: number | undefined
  /** Called by covered code until the first run is over. */
  cover?: (...mutants: readonly number[]) => void
  /** What `LIMITED` calls. */
  test?: () => unknown
}

const TESTS = [
  'packages/engine/{src,test/definition,test/running}/**/*.test.ts',
  'packages/engine/test/*.test.ts',
  'conformance/conformance.test.ts',
]
/** They test the tests, or ask once more what rows of a table ask: no mutant of the engine is theirs to find. */
const NOT_ASKED = /^conformance\/.* > (reference|the cases themselves) > |\/codes\.test\.ts > every code /
/** Documents as large as can be take half a second each: they are for mutants of what measures and reads documents. */
const ABOUT_SIZES = / > hostile documents are refused > |\/text\.test\.ts > |: many patterns$| > size: /
const SIZES = /definition\/(measure|text|parse|check-conditions)\.ts$/

/** In the copy that Stryker made: what tests took in the first run, for the processes that come after. */
const COSTS = 'costs.json'

const globals = globalThis as typeof globalThis & { __stryker__?: Switches }
const switches = (globals.__stryker__ ??= { mutant: -1 })
switches.mutant = -1

function activate(mutant: string | undefined): void {
  switches.activeMutant = mutant
  switches.mutant = mutant === undefined ? -1 : Number(mutant)
}

/** Runs a test so that it can be stopped in the middle of an endless loop: that spares a new process. */
const LIMITED = new Script('globalThis.__stryker__.test()')
/** Of what a test took before. A machine may be busy, so no test is stopped in its first seconds. */
const SLOWER_MAX = 20
const AT_LEAST_MS = 3_000

/** As many finds back is not long ago. */
const RECENT = 40

class PureRunner implements TestRunner {
  #tests: readonly RegisteredTest[] = []
  #generation = 0
  /** What files are loaded as, but for the first run. */
  readonly #sources = new Map<string, string>()
  /** By test: how long it took, and when it last found a mutant. What found one before is asked first. */
  readonly #costs = new Map<string, number>()
  readonly #found = new Map<string, number>()
  #finds = 0

  capabilities() {
    return { reloadEnvironment: true }
  }

  async init(): Promise<void> {
    const root = process.cwd()
    redirect(root, () => this.#generation, this.#sources)
    if (existsSync(COSTS))
      for (const [id, ms] of JSON.parse(readFileSync(COSTS, 'utf8')) as [string, number][]) this.#costs.set(id, ms)
    // A mutant's tests must fall for the mutant alone, and a failing case need not be made small.
    fc.configureGlobal({ seed: 20_260_101, endOnFailure: true })
  }

  async dryRun(options: DryRunOptions): Promise<DryRunResult> {
    const coverage = new Coverage()
    switches.cover = coverage.cover
    await this.#load()
    coverage.endOfLoading()
    const result = this.#run(this.#tests, options.disableBail, coverage)
    coverage.endOfAll()
    delete switches.cover
    writeFileSync(COSTS, JSON.stringify([...this.#costs]))
    await this.#load()
    return { ...result, mutantCoverage: coverage }
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, mutantActivation, reloadEnvironment, disableBail } = options
    if (!isDrawn(SHARE, relative(process.cwd(), options.sandboxFileName), activeMutant))
      return { status: MutantRunStatus.Error, errorMessage: NOT_DRAWN }
    switches.hitCount = 0
    switches.hitLimit = hitLimit
    const isStatic = mutantActivation === 'static'
    try {
      activate(isStatic ? activeMutant.id : undefined)
      if (this.#tests.length === 0 || reloadEnvironment) await this.#load()
      activate(activeMutant.id)
      const result = this.#run(this.#chosen(options), disableBail)
      return toMutantRunResult(determineHitLimitReached(switches.hitCount, hitLimit) ?? result)
    } catch (error) {
      if (error instanceof Stopped) return { status: MutantRunStatus.Timeout, reason: error.message }
      if (!isStatic) throw error
      // A mutant that cannot even be loaded has been found out.
      return toMutantRunResult({ status: DryRunStatus.Complete, tests: [failed('loading', error, 0)] })
    } finally {
      activate(undefined)
    }
  }

  async #load(): Promise<void> {
    this.#generation += 1
    this.#tests = []
    const tests: RegisteredTest[] = []
    for (const file of globSync(TESTS).sort()) {
      beginFile(file)
      await import(pathToFileURL(resolve(file)).href)
      tests.push(...endFile().filter(({ id }) => !NOT_ASKED.test(id)))
    }
    this.#tests = tests
  }

  /** Those asked for: first what found a mutant not long ago, then the cheapest. */
  #chosen({ testFilter, sandboxFileName }: MutantRunOptions): readonly RegisteredTest[] {
    const wanted = testFilter && new Set(testFilter)
    const sized = SIZES.test(sandboxFileName)
    const tests = this.#tests.filter(({ id }) => (wanted?.has(id) ?? true) && (sized || !ABOUT_SIZES.test(id)))
    const rank = ({ id }: RegisteredTest) => {
      const ago = this.#finds - (this.#found.get(id) ?? -Infinity)
      return ago < RECENT ? ago - RECENT : (this.#costs.get(id) ?? 1)
    }
    const ranks = new Map(tests.map((test) => [test, rank(test)]))
    return tests.toSorted((a, b) => ranks.get(a)! - ranks.get(b)!)
  }

  #run(tests: readonly RegisteredTest[], disableBail: boolean, coverage?: Coverage) {
    const results: TestResult[] = []
    for (const test of tests) {
      const result = this.#runOne(test)
      coverage?.endOf(test.id)
      results.push(result)
      if (result.status !== TestStatus.Failed) continue
      this.#finds += 1
      this.#found.set(test.id, this.#finds)
      if (!disableBail) break
    }
    return { status: DryRunStatus.Complete, tests: results } as const
  }

  #runOne({ id, run }: RegisteredTest): TestResult {
    const cost = this.#costs.get(id)
    const start = performance.now()
    switches.test = run
    try {
      if (cost === undefined) run()
      else LIMITED.runInThisContext({ timeout: Math.ceil(AT_LEAST_MS + SLOWER_MAX * cost) })
      const timeSpentMs = performance.now() - start
      if (cost === undefined) this.#costs.set(id, timeSpentMs)
      return { id, name: id, fileName: fileOf(id), timeSpentMs, status: TestStatus.Success }
    } catch (error) {
      if (isTimeout(error)) throw new Stopped(`${id} does not end`)
      return failed(id, error, performance.now() - start)
    }
  }
}

/** A test ran so long that it was stopped. */
class Stopped extends Error {}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

/** Which mutants' code runs while modules load and in which test, and how often. */
class Coverage implements MutantCoverage {
  static: Record<string, number> = {}
  readonly perTest: Record<string, Record<string, number>> = {}
  readonly #touched: number[] = []
  readonly #hits: number[] = []

  readonly cover = (...mutants: readonly number[]): void => {
    for (const mutant of mutants) {
      const before = this.#hits[mutant] ?? 0
      if (before === 0) this.#touched.push(mutant)
      this.#hits[mutant] = before + 1
    }
  }

  endOfLoading(): void {
    this.static = this.#taken()
  }

  /**
   * Code that runs while modules load and in tests, too, is tested where it runs in tests: a table that a test makes beforehand
   * is no reason to load all modules anew. Fewer mutants may be found so, never more.
   */
  endOfAll(): void {
    for (const hits of Object.values(this.perTest)) for (const mutant of Object.keys(hits)) delete this.static[mutant]
  }

  endOf(test: string): void {
    this.perTest[test] = this.#taken()
  }

  #taken(): Record<string, number> {
    const taken = Object.fromEntries(this.#touched.map((mutant) => [mutant, this.#hits[mutant]!]))
    for (const mutant of this.#touched) this.#hits[mutant] = 0
    this.#touched.length = 0
    return taken
  }
}

/** What a mutant says that a sample passed over; Stryker leaves it out of the score. */
const NOT_DRAWN = 'not drawn'
const SHARE = Number(process.env['WINNOW_MUTATION_SAMPLE'] ?? 1)

const fileOf = (id: string) => resolve(id.slice(0, id.indexOf(' > ')))

function failed(id: string, error: unknown, timeSpentMs: number): TestResult {
  const failureMessage = (error instanceof Error ? error.message : String(error)).slice(0, 500)
  return { id, name: id, fileName: fileOf(id), timeSpentMs, status: TestStatus.Failed, failureMessage }
}

/** Inside the copy that Stryker made: `vitest` is the registry, the engine is the mutated one, and all is of one generation. */
function redirect(root: string, generation: () => number, sources: Map<string, string>): void {
  const within = `${pathToFileURL(root).href}/`
  const engine = pathToFileURL(join(root, 'packages/engine/src/index.ts')).href
  const registry = new URL('registry.ts', import.meta.url).href
  const isOurs = (url: string) => url.startsWith(within) && !url.includes('/node_modules/')
  registerHooks({
    resolve(specifier, context, next) {
      if (context.parentURL?.startsWith(within) && specifier === 'vitest') return { url: registry, shortCircuit: true }
      if (specifier === '@winnow/engine') return { url: `${engine}?${generation()}`, shortCircuit: true }
      const resolved = next(specifier, context)
      return isOurs(resolved.url)
        ? { ...resolved, url: `${resolved.url.replace(/\?.*/, '')}?${generation()}` }
        : resolved
    },
    load(url, context, next) {
      if (!isOurs(url) || !/\.ts\?/.test(url)) return next(url, context)
      const file = fileURLToPath(url)
      const counts = switches.cover !== undefined
      const source = sources.get(file) ?? lightened(readFileSync(file, 'utf8'), counts)
      if (!counts) sources.set(file, source)
      return { source, format: 'module', shortCircuit: true }
    },
  })
}

/**
 * Without types, and with what Stryker wrote in said shorter: whether a mutant is the active one is one comparison of numbers,
 * and what is covered is counted once.
 */
function lightened(source: string, counts: boolean): string {
  const plain = stripTypeScriptTypes(source)
  if (!plain.includes('stryMutAct_9fa48')) return plain
  const body = plain
    .replaceAll(/stryCov_9fa48\(((?:"\d+"(?:, )?)+)\)/g, (_, mutants: string) =>
      counts ? `stryker_.cover(${mutants.replaceAll('"', '')})` : '0',
    )
    .replaceAll(/stryMutAct_9fa48\("(\d+)"\)/g, '(stryker_.mutant === $1 && stryMutAct_9fa48("$1"))')
  return `const stryker_ = globalThis.__stryker__;${body}`
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'pure', PureRunner)]
