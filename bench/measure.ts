/** Measuring: CPU time of the process with all its threads, wall time, medians of several runs. */
import { cpus } from 'node:os'

/** A line of the result table. */
export interface Line {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What stands beside it in the same run, in the same unit. */
  readonly beside: { readonly name: string; readonly value: number } | null
  /** How many times better than what stands beside it; below 1 it is worse. */
  readonly ratio: number | null
  readonly goal: string | null
  readonly met: boolean | null
}

export interface Measured {
  /** Seconds. */
  readonly cpu: number
  readonly wall: number
}

/** One run. CPU time counts every thread of the process: compiling and collecting garbage too. */
export async function once(run: () => unknown): Promise<Measured> {
  const cpuBefore = process.cpuUsage()
  const before = performance.now()
  await run()
  const wall = (performance.now() - before) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  return { cpu: (user + system) / 1e6, wall }
}

export interface Repeats {
  readonly warmUp: number
  readonly runs: number
}

/** Median of several runs after a warm-up. */
export async function measure(run: () => unknown, { warmUp, runs }: Repeats): Promise<Measured> {
  for (let index = 0; index < warmUp; index++) await run()
  const all: Measured[] = []
  for (let index = 0; index < runs; index++) all.push(await once(run))
  return { cpu: median(all.map(({ cpu }) => cpu)), wall: median(all.map(({ wall }) => wall)) }
}

/**
 * Several things by turns, so that a slow spell of the machine falls on all of them alike.
 * @returns medians, by name
 */
export async function measureByTurns<Name extends string>(
  contestants: Readonly<Record<Name, () => unknown>>,
  { warmUp, runs }: Repeats,
): Promise<Record<Name, Measured>> {
  const names = Object.keys(contestants) as Name[]
  const found = Object.fromEntries(names.map((name) => [name, [] as Measured[]])) as Record<Name, Measured[]>
  for (let round = 0; round < warmUp + runs; round++) {
    for (const name of names) {
      const measured = await once(contestants[name])
      if (round >= warmUp) found[name].push(measured)
    }
  }
  const medians = names.map((name): [Name, Measured] => [
    name,
    { cpu: median(found[name].map(({ cpu }) => cpu)), wall: median(found[name].map(({ wall }) => wall)) },
  ])
  return Object.fromEntries(medians) as Record<Name, Measured>
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The value that this share of all lies at or below. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  const place = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!]
  return low + (high - low) * (place - Math.floor(place))
}

/** Fails the bench: a peer that computes something else says nothing. */
export function requireEqual(what: string, a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 0): void {
  if (a.length !== b.length) throw new Error(`${what}: ${a.length} results beside ${b.length}`)
  for (let index = 0; index < a.length; index++) {
    if (Math.abs(a[index]! - b[index]!) <= tolerance) continue
    throw new Error(`${what}: result ${index} is ${a[index]}, beside ${b[index]}`)
  }
}

export const machine = (): string => {
  const [first] = cpus()
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}, ${process.platform}`
}
