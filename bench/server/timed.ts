/** What a stretch of work took: time, and CPU time of server, database and load generator. */
import type { Line } from '../measure.ts'
import type { Cpu, Served } from './process.ts'

export interface Timed {
  readonly count: number
  readonly seconds: number
  readonly perSecond: number
  readonly cpu: Cpu
}

/** @param run  gives how many there were */
export async function timed({ cpu }: Pick<Served, 'cpu'>, run: () => Promise<number>): Promise<Timed> {
  const before = cpu()
  const started = performance.now()
  const count = await run()
  const seconds = (performance.now() - started) / 1000
  const after = cpu()
  const used = (part: keyof Cpu) => after[part] - before[part]
  const spent = { server: used('server'), database: used('database'), load: used('load') }
  return { count, seconds, perSecond: count / seconds, cpu: spent }
}

/** @param each  what was counted: `event` */
export function cpuLines(name: string, { count, cpu }: Timed, each: string): Line[] {
  const micros = (part: keyof Cpu) => (cpu[part] * 1e6) / count
  return [
    line(`${name}: server`, micros('server'), `CPU-µs/${each}`),
    line(`${name}: database`, micros('database'), `CPU-µs/${each}`),
    line(`${name}: load generator`, micros('load'), `CPU-µs/${each}`),
  ]
}

export const rest = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000))

/** A line with nothing beside it. */
export function line(
  name: string,
  value: number,
  unit: string,
  { least, most }: { least?: number; most?: number } = {},
): Line {
  const bound = least ?? most
  const goal = bound === undefined ? null : `${least === undefined ? '≤' : '≥'} ${bound.toLocaleString('en')} ${unit}`
  const met = bound === undefined ? null : least === undefined ? value <= bound : value >= bound
  return { name, value, unit, beside: null, ratio: null, goal, met }
}
