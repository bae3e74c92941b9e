/**
 * The engine against the reference on millions of random cases.
 *
 *     node soak/equivalence.ts --cases 10000000 --shard 1/2
 *
 * A case is drawn from its number alone, so a shard takes every n-th number and any number can be looked at again:
 * `WINNOW_SEED=<number> WINNOW_CASES=1 npx vitest run packages/engine/test/equivalence.test.ts`.
 * Ends with 1 if any two answers differ or a case does not end.
 */
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { caseOf } from '../packages/engine/test/generators/cases.ts'
import { compareWithReference } from '../packages/engine/test/reference/differences.ts'

/** A case takes some milliseconds; one that takes this long has lost its way. */
const STUCK_MS = 60_000
const REPORT_EVERY_MS = 30_000

interface Shard {
  readonly first: number
  readonly step: number
  readonly end: number
}

type Message =
  | { readonly is: 'begun'; readonly seed: number }
  | { readonly is: 'equal' | 'on edge'; readonly seed: number }
  | { readonly is: 'different'; readonly seed: number; readonly questions: readonly string[] }

if (isMainThread) await main()
else lookThrough(workerData as Shard)

function lookThrough({ first, step, end }: Shard): void {
  const tell = (message: Message) => parentPort!.postMessage(message)
  for (let seed = first; seed < end; seed += step) {
    tell({ is: 'begun', seed })
    tell(verdictOn(seed))
  }
}

function verdictOn(seed: number): Message {
  try {
    const { differences, isOnEdge } = compareWithReference(caseOf(seed))
    if (differences.length === 0) return { is: isOnEdge ? 'on edge' : 'equal', seed }
    return { is: 'different', seed, questions: differences.map(({ question }) => question) }
  } catch (error) {
    return { is: 'different', seed, questions: [String(error)] }
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '200000' },
      from: { type: 'string', default: '1' },
      shard: { type: 'string', default: '1/1' },
    },
  })
  const from = Number(values.from)
  const [shard, shards] = values.shard.split('/').map(Number) as [number, number]
  const whole: Shard = { first: from + shard - 1, step: shards, end: from + Number(values.cases) }
  const counts = { equal: 0, 'on edge': 0, different: 0 }
  const started = performance.now()
  const report = () => {
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    console.log(`${seconds} s: ${counts.equal} equal, ${counts['on edge']} on the edge, ${counts.different} different`)
  }
  const reporting = setInterval(report, REPORT_EVERY_MS)
  for (let next = whole.first; next < whole.end;) next = await watch({ ...whole, first: next }, counts)
  clearInterval(reporting)
  report()
  process.exitCode = counts.different === 0 ? 0 : 1
}

/** Lets a worker look through a shard; ends early, after the case that got stuck. Gives the number to go on with. */
function watch(shard: Shard, counts: Record<Exclude<Message['is'], 'begun'>, number>): Promise<number> {
  const worker = new Worker(new URL(import.meta.url), { workerData: shard })
  return new Promise((resolve, reject) => {
    let latest = shard.first
    const stuck = setTimeout(() => {
      counts.different += 1
      console.log(`seed ${latest}: does not end`)
      void worker.terminate().then(() => resolve(latest + shard.step))
    }, STUCK_MS)
    worker.on('message', (message: Message) => {
      stuck.refresh()
      latest = message.seed
      if (message.is === 'begun') return
      counts[message.is] += 1
      if (message.is === 'different') console.log(`seed ${message.seed}: ${message.questions.join(', ')}`)
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      clearTimeout(stuck)
      resolve(latest + shard.step)
    })
  })
}
