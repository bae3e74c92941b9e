/** In whatever order, how often and over how many connections messages come: they come to the same. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOUR, World } from '../live/world.ts'
import { createRandom, type Random } from './fuzzing/random.ts'
import { COMPANY, END, historyOf, type Planned } from './histories.ts'
import { markAllDue, statesOf } from './state.ts'

const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e6))
const HISTORIES = Number(process.env['WINNOW_HISTORIES'] ?? 24)
const PERMUTATIONS = Number(process.env['WINNOW_PERMUTATIONS'] ?? 5)
const CONNECTIONS = 8
const DELIVERIES_MAX = 10

let world: World
beforeEach(async () => {
  world = await World.open()
  await world.publish(COMPANY)
})
afterEach(() => world.database.drop())

const prefixOf = (history: number, permutation: number) =>
  `h${String(history).padStart(4, '0')}x${String(permutation).padStart(2, '0')}-`

/** Each hour what was said in it, timers between. */
async function inTurn(messages: readonly Planned[]): Promise<void> {
  const hours = Map.groupBy(messages, ({ sentAt }) => Math.ceil(sentAt / HOUR) * HOUR)
  for (const [hour, said] of [...hours].sort(([a], [b]) => a - b)) {
    await world.goTo(hour)
    await world.batcher.take(said)
  }
}

/** All late, some at a time, over several connections. */
async function atOnce(messages: readonly Planned[], random: Random): Promise<void> {
  const queue = random.shuffled(messages)
  const connection = async () => {
    while (queue.length > 0) await world.batcher.take(queue.splice(0, 1 + random.below(12)))
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, connection))
}

async function settle(): Promise<void> {
  await world.goTo(END)
  await markAllDue(world.database, END)
  await world.goTo(END)
}

describe(`seed ${SEED}`, () => {
  test(`${HISTORIES} histories come to the same in ${PERMUTATIONS} other orders`, async () => {
    const random = createRandom(SEED)
    const seeds = Array.from({ length: HISTORIES }, (_, at) => SEED * 1000 + at)
    const first = seeds.flatMap((seed, at) => historyOf(world, seed, prefixOf(at, 0)))
    await inTurn(first)
    await world.goTo(END)
    await atOnce(
      seeds.flatMap((seed, at) =>
        Array.from({ length: PERMUTATIONS }, (_, each) => historyOf(world, seed, prefixOf(at, each + 1))).flat(),
      ),
      random,
    )
    await settle()
    for (const at of seeds.keys()) {
      const right = await statesOf(world.database, prefixOf(at, 0))
      expect(right).toHaveLength(3)
      for (let each = 1; each <= PERMUTATIONS; each++) {
        expect({ each, states: await statesOf(world.database, prefixOf(at, each)) }).toEqual({ each, states: right })
      }
    }
  }, 300_000)

  test(`messages delivered up to ${DELIVERIES_MAX} times over ${CONNECTIONS} connections count once`, async () => {
    const random = createRandom(SEED + 1)
    const seeds = Array.from({ length: 10 }, (_, at) => SEED * 1000 + 500 + at)
    const clean = seeds.flatMap((seed, at) => historyOf(world, seed, prefixOf(at, 0)))
    await inTurn(clean)
    await world.goTo(END)
    const again = seeds.flatMap((seed, at) => historyOf(world, seed, prefixOf(at, 1)))
    await atOnce(
      again.flatMap((message) => Array.from({ length: 1 + random.below(DELIVERIES_MAX) }, () => message)),
      random,
    )
    await settle()
    for (const at of seeds.keys()) {
      expect(await statesOf(world.database, prefixOf(at, 1))).toEqual(await statesOf(world.database, prefixOf(at, 0)))
    }
    const { rows } = await world.database.pool.query(
      `select (select count(*) from message) as messages, (select count(*) from message_conflict) as conflicts`,
    )
    expect(rows).toEqual([{ messages: clean.length + again.length, conflicts: 0 }])
  }, 300_000)

  test('what each circle holds is what its log comes to', async () => {
    const messages = Array.from({ length: 10 }, (_, at) =>
      historyOf(world, SEED * 1000 + 900 + at, prefixOf(at, 0)),
    ).flat()
    world.now = END
    await atOnce(messages, createRandom(SEED + 2))
    await settle()
    const before = await statesOf(world.database, '')
    await world.database.pool.query('update circle set state = null')
    await settle()
    expect(await statesOf(world.database, '')).toEqual(before)
  }, 120_000)
})
