/** Accounts that turn out to be one are as if they had always been; told apart again they are as if they had never been. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LOCKS } from '../../src/db/locks.ts'
import { eraseLead } from '../../src/erasure/erase.ts'
import { unmergeAccount } from '../../src/leads/unmerge-account.ts'
import type { AccountName, AccountsAreOne, Taken } from '../../src/live/intake.ts'
import { COMPANY, END, historyOf, type Planned } from '../trust/histories.ts'
import { createRandom } from '../trust/fuzzing/random.ts'
import { markAllDue, statesOf } from '../trust/state.ts'
import { DAY, email, HOUR, SMALL, T0, user, World } from './world.ts'

const worlds: World[] = []
const openWorld = async (definition: string): Promise<World> => {
  const world = await World.open()
  worlds.push(world)
  await world.publish(definition)
  return world
}
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.database.drop()
})

/** Looks at what is known of accounts, and at nobody's colleagues. */
const ALONE = COMPANY.replace(/\n *\{ id: team,.*?points: 10 \},/, '')
const PREFIX = 'one-'
const DOMAIN: AccountName = { kind: 'domain', value: `${PREFIX}company.example` }
const GROUP: AccountName = { kind: 'group', value: `${PREFIX}group` }
const BY_HAND: AccountsAreOne = { account: DOMAIN, other: GROUP, because: 'they said so', by: 'sam' }

const merge = async (world: World, accountsAreOne: AccountsAreOne = BY_HAND): Promise<Taken> =>
  (await world.batcher.take([world.intake([], [], { accountsAreOne })]))[0]!

async function idOf(world: World, { kind, value }: AccountName): Promise<string> {
  const { rows } = await world.database.pool.query<{ account_id: string }>(
    'select account_id from account_identity where kind = $1 and value = $2',
    [kind, value],
  )
  return rows[0]!.account_id
}

const unmerge = async (world: World, name: AccountName = GROUP) =>
  unmergeAccount(world.taking, await idOf(world, name), 'sam')

/** Both names are one account's before anybody says anything. */
async function always(world: World): Promise<void> {
  await world.database.pool.query(
    `with made as (
       insert into account (account_id, circle_id, created_at, name)
       select id, id, now(), '' from gen_random_uuid() as id returning account_id)
     insert into account_identity (kind, value, account_id)
     select kind, value, account_id from made, unnest($1::text[], $2::text[]) as x(kind, value)`,
    [
      [DOMAIN.kind, GROUP.kind],
      [DOMAIN.value, GROUP.value],
    ],
  )
}

const plain = (world: World, seed: number): Planned[] =>
  historyOf(world, seed, PREFIX).map(({ accountsAreOne: _, ...planned }) => planned)

/** @param acts  what is done on the way, by how many messages have come before */
async function play(world: World, messages: readonly Planned[], acts: Readonly<Record<number, () => unknown>> = {}) {
  for (const [place, message] of messages.entries()) {
    await acts[place]?.()
    if (message.sentAt > world.now) await world.goTo(message.sentAt)
    await world.batcher.take([message])
  }
}

async function statesNow(world: World) {
  await world.goTo(END)
  await markAllDue(world.database, END)
  await world.goTo(END)
  return statesOf(world.database, PREFIX)
}

describe.each([
  ['looks at colleagues', COMPANY],
  ['does not', ALONE],
])('where the definition %s', (_, definition) => {
  test.each([1, 2])(
    'merged on the way they come to what one would have come to, and parted to what two would (%i)',
    async (seed) => {
      const [lived, one, two] = [await openWorld(definition), await openWorld(definition), await openWorld(definition)]
      await always(one)
      const messages = plain(lived, seed)
      await play(one, messages)
      await play(two, messages)
      await play(lived, messages, { [Math.floor(messages.length / 2)]: () => merge(lived) })
      const oneStates = await statesNow(one)
      expect(await statesNow(lived)).toEqual(oneStates)
      await unmerge(lived)
      expect(await statesNow(lived)).toEqual(await statesNow(two))
      await merge(lived)
      expect(await statesNow(lived)).toEqual(oneStates)
    },
    60_000,
  )

  test('in whatever order things become known', async () => {
    const one = await openWorld(definition)
    await always(one)
    const messages = plain(one, 7)
    await play(one, messages)
    const right = await statesNow(one)
    const random = createRandom(7)
    for (let order = 0; order < 3; order++) {
      const world = await openWorld(definition)
      world.now = END
      const claim = world.intake([], [], { accountsAreOne: BY_HAND })
      const shuffled = random.shuffled([...messages, claim])
      await Promise.all([world.batcher.take(shuffled.slice(0, 9)), world.batcher.take(shuffled.slice(9))])
      expect(await statesNow(world)).toEqual(right)
    }
  }, 60_000)

  test('merged, parted and merged by several at once while messages come', async () => {
    const [world, one] = [await openWorld(definition), await openWorld(definition)]
    await always(one)
    const messages = plain(world, 5)
    await play(one, messages)
    world.now = END
    await merge(world)
    const parting = () => unmerge(world).catch((error: { code?: string }) => error.code)
    await Promise.all([
      ...messages.map((message) => world.batcher.take([message])),
      parting(),
      merge(world),
      parting(),
      merge(world, { ...BY_HAND, account: GROUP, other: DOMAIN }),
      parting(),
    ])
    await merge(world)
    expect(await statesNow(world)).toEqual(await statesNow(one))
    const { rows } = await world.database.pool.query(
      'select account_id from account where merged_into in (select account_id from account where merged_into is not null)',
    )
    expect(rows).toEqual([])
  }, 60_000)
})

describe('of a few people', () => {
  const WITH_SIZE = SMALL.replace(
    'attributes:\n',
    'attributes:\n  employees: { type: number, about: account }\n',
  ).replace('[ { id: boss,', '[ { id: size, when: { attribute: employees, at_least: 50 }, points: 25 }, { id: boss,')
  const SIZE = { kind: 'account_attribute', name: 'employees', value: 80 } as const
  const FOLLOWS: AccountsAreOne = { account: DOMAIN, other: GROUP, because: 'the domain of the group' }
  const ada = email('ada@x.example')
  let world: World
  beforeEach(async () => {
    world = await openWorld(WITH_SIZE)
    await world.say([ada], { kind: 'link', account: DOMAIN })
    await world.say([user('bo')], { kind: 'link', account: GROUP })
    await world.batcher.take([world.intake([], [{ ...SIZE, account: GROUP }])])
  })
  const fit = async (name: typeof ada) => {
    const { leadId } = await world.say([name])
    return (await world.lead(leadId!)).scores!['fit']
  }
  const accountsOf = async () => {
    const { rows } = await world.database.pool.query<{ account_id: string }>(
      'select distinct account_id from lead where merged_into is null',
    )
    return rows.map(({ account_id }) => account_id)
  }

  test('a source that says so makes them one, for everybody at once, and says it only once', async () => {
    expect(await fit(ada)).toBe(0)
    await merge(world, FOLLOWS)
    await merge(world, FOLLOWS)
    expect(await fit(ada)).toBe(25)
    expect(await accountsOf()).toEqual([await idOf(world, DOMAIN)])
    const { rows } = await world.database.pool.query('select because, merged_by from account_merge')
    expect(rows).toEqual([{ because: 'the domain of the group', merged_by: null }])
  })

  test('what somebody has parted no source joins again, and a person does', async () => {
    await merge(world, FOLLOWS)
    await unmerge(world)
    expect(await fit(ada)).toBe(0)
    await merge(world, FOLLOWS)
    expect(await fit(ada)).toBe(0)
    expect(await accountsOf()).toHaveLength(2)
    await merge(world)
    expect(await fit(ada)).toBe(25)
  })

  test('several groups of one domain are one company, and each can be told apart', async () => {
    const other: AccountName = { kind: 'group', value: `${PREFIX}berlin` }
    await merge(world, FOLLOWS)
    await merge(world, { ...FOLLOWS, other })
    await world.say([user('cy')], { kind: 'link', account: other })
    expect(await fit(user('cy'))).toBe(25)
    await unmerge(world)
    expect(await fit(user('cy'))).toBe(0)
    expect(await fit(user('bo'))).toBe(25)
    await merge(world, { ...FOLLOWS, other })
    expect(await accountsOf()).toHaveLength(2)
  })

  test('a group that names another domain than before stays where it is', async () => {
    const other: AccountName = { kind: 'domain', value: 'agency.example' }
    await merge(world, FOLLOWS)
    await world.batcher.take([
      world.intake([], [], { accountsAreOne: { ...FOLLOWS, account: other } }),
      world.intake([], [], { accountsAreOne: { ...FOLLOWS, other: { kind: 'group', value: 'new' } } }),
      world.intake([], [], { accountsAreOne: { ...FOLLOWS, account: other, other: { kind: 'group', value: 'new' } } }),
    ])
    const { rows } = await world.database.pool.query("select value from account_identity where kind = 'domain'")
    expect(rows).toEqual([{ value: DOMAIN.value }])
  })

  test('what comes late for the name of either is said of the one that they are, and belongs to the other afterwards', async () => {
    await merge(world)
    world.now += HOUR
    await world.batcher.take([world.intake([], [{ ...SIZE, value: 10, account: GROUP, at: T0 + HOUR }])])
    expect(await fit(ada)).toBe(0)
    await world.say([email('late@x.example')], { kind: 'link', account: GROUP, at: T0 - DAY })
    expect(await accountsOf()).toHaveLength(1)
    await unmerge(world)
    await world.batcher.take([world.intake([], [{ ...SIZE, value: 90, account: DOMAIN }])])
    expect([await fit(ada), await fit(email('late@x.example')), await fit(user('bo'))]).toEqual([25, 0, 0])
  })

  test('a group that is told of for the first time keeps nobody waiting', async () => {
    const beside = await world.database.pool.connect()
    await beside.query(`begin; select pg_advisory_xact_lock_shared(${LOCKS.taking})`)
    const other: AccountName = { kind: 'group', value: `${PREFIX}berlin` }
    const says = [{ ...SIZE, account: other, value: 90 }]
    await world.batcher.take([world.intake([], says, { accountsAreOne: { ...FOLLOWS, other } })])
    expect(await fit(ada)).toBe(25)
    await beside.query('commit')
    beside.release()
    await unmerge(world, other)
    expect(await fit(ada)).toBe(0)
  })

  test('who is erased leaves no account of which nothing else is known', async () => {
    const other: AccountName = { kind: 'group', value: `${PREFIX}new` }
    const domain: AccountName = { kind: 'domain', value: 'gone.example' }
    const { leadId } = await world.say([email('eve@gone.example')], { kind: 'link', account: domain })
    await merge(world, { ...BY_HAND, account: domain, other })
    await merge(world, { ...BY_HAND, account: GROUP, other: domain })
    await unmerge(world, domain)
    await eraseLead(world.taking, { lead: leadId!, keepsOut: false, by: 'sam' })
    const { rows } = await world.database.pool.query<{ value: string }>(
      'select value from account_identity join account using (account_id) order by value',
    )
    expect(rows.map(({ value }) => value)).toEqual([DOMAIN.value, GROUP.value])
  })

  test('hundreds of leads are brought up to date a few at a time', async () => {
    await world.batcher.take(
      Array.from({ length: 150 }, (_, index) =>
        world.intake([email(`${index}@x.example`)], [{ kind: 'link', account: DOMAIN }]),
      ),
    )
    const high = async () => {
      const { rows } = await world.database.pool.query<{ count: number }>(
        "select count(*) as count from lead where (scores->>'fit')::int = 25",
      )
      return rows[0]!.count
    }
    await merge(world)
    expect(await accountsOf()).toHaveLength(1)
    expect(await world.goTo(world.now)).toBe(152)
    expect(await high()).toBe(152)
    await unmerge(world)
    await world.goTo(world.now)
    expect(await high()).toBe(1)
    expect(await accountsOf()).toHaveLength(2)
  })

  test('a definition that comes to look at colleagues later sees them together', async () => {
    await merge(world)
    await world.publish(
      SMALL.replace(
        '[ { id: boss,',
        '[ { id: team, when: { leads: { at_least: 2 }, when: { attribute: job, known: false } }, points: 25 }, { id: boss,',
      ),
    )
    await world.restate()
    expect([await fit(ada), await fit(user('bo'))]).toEqual([25, 25])
    await unmerge(world)
    expect([await fit(ada), await fit(user('bo'))]).toEqual([0, 0])
  })
})
