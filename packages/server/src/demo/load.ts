/**
 * The demo company into a database, by the door that everything takes. Each account comes in two parts: what was known until
 * version 2 went live, judged by version 1 at that instant; then the rest, judged by version 2 now. So the ledger is what it
 * would be if Winnow had been there all the time.
 */
import { createHash } from 'node:crypto'
import { generateDemo, type Demo, type DemoLead } from '@winnow/demo'
import type { Fact, Instant } from '@winnow/engine'
import { normaliseEmail } from '../capture/email.ts'
import { messageOf } from '../imports/messages.ts'
import { Batcher } from '../live/batcher.ts'
import type { Intake, IntakePort, Saying } from '../live/intake.ts'
import { Plans, type LivePlan } from '../live/plans.ts'
import { takeBatch, type Taking } from '../live/take.ts'
import { goLive, MESSAGE_PREFIX, reportDemo, writeCosts, writeVersions, type DemoRow } from './store.ts'

/** Leads that are taken in together, and a few more: accounts stay whole. */
const LEADS_AT_ONCE = 100

export interface Loading {
  readonly signal: AbortSignal
  readonly progress?: (at: { readonly leads: number; readonly facts: number }) => void
}

/**
 * Loads what is not there yet; begun again, it stores nothing twice. Afterwards version 2 is live, also where it was cut short.
 * @returns whether all of it is there
 */
export async function loadDemo(taking: Taking, row: DemoRow, { signal, progress }: Loading): Promise<boolean> {
  const { pool } = taking
  const demo = generateDemo({ seed: row.seed, leads: row.leads, until: row.until })
  await writeVersions(pool, demo)
  await writeCosts(pool, demo)
  const doors = doorsOf(taking, demo)
  const counts = { leads: 0, facts: 0 }
  let storing: Promise<void> = Promise.resolve()
  let isStopped = false
  for (const leads of batchesOf(demo.leads)) {
    await storing
    isStopped = (await reportDemo(pool, { ...counts, now: taking.now() })) || signal.aborted
    if (isStopped) break
    storing = store(doors, leads)
    storing.catch(() => {}) // told when it is waited for; the next leads are made meanwhile
    counts.leads += leads.length
    counts.facts += leads.reduce((sum, { facts }) => sum + facts.length, 0)
    progress?.(counts)
  }
  await storing
  await reportDemo(pool, { ...counts, now: taking.now() })
  await goLive(pool, demo.versions[1].number)
  return !isStopped
}

interface Door {
  readonly intake: IntakePort
  readonly now: () => Instant
}

interface Doors {
  readonly before: Door
  readonly after: Door
  readonly publishedAt: Instant
}

function doorsOf(taking: Taking, { versions }: Demo): Doors {
  const [first, second] = versions
  const door = (version: number, now: () => Instant): Door => {
    const own = { ...taking, now, plans: new PlansOf(version) }
    return { intake: new Batcher((messages) => takeBatch(own, messages)), now }
  }
  const { publishedAt } = second
  return { before: door(first.number, () => publishedAt), after: door(second.number, taking.now), publishedAt }
}

/** Judges by one version, live or not. */
class PlansOf extends Plans {
  private readonly version: number

  constructor(version: number) {
    super()
    this.version = version
  }

  override live(client: Parameters<Plans['live']>[0]): Promise<LivePlan> {
    return this.ofVersion(client, this.version)
  }
}

const heardAt = ({ at, receivedAt }: Fact): Instant => receivedAt ?? at

async function store({ before, after, publishedAt }: Doors, leads: readonly DemoLead[]): Promise<void> {
  const isEarly = (fact: Fact) => heardAt(fact) < publishedAt
  await take(before, leads, { part: 1, ofPart: isEarly })
  await take(after, leads, { part: 2, ofPart: (fact) => !isEarly(fact) })
}

async function take(
  { intake, now }: Door,
  leads: readonly DemoLead[],
  { part, ofPart }: { part: number; ofPart: (fact: Fact) => boolean },
): Promise<void> {
  const receivedAt = now()
  const messages = leads.flatMap(({ id, facts }): Intake[] => {
    const told = facts.filter(ofPart)
    if (told.length === 0) return []
    const messageId = `${MESSAGE_PREFIX}${id}:${part}`
    const { says, ...message } = intakeOf(told, { messageId, receivedAt })
    return [{ ...message, says: told[0] === facts[0] ? [...contactOf(id, told[0]!.at), ...says] : says }]
  })
  await intake.take(messages)
}

/** Who somebody is, for lists to show: the company's log knows people by their addresses alone. */
function contactOf(id: string, at: Instant): Saying[] {
  const email = normaliseEmail(id)
  if (email === undefined) return []
  const words = email.split('@', 1)[0]!.split(/[._-]+/)
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
  const said = { email, name }
  return Object.entries(said).map(([key, value]) => ({
    id: `${MESSAGE_PREFIX}${id}/${key}`,
    at,
    receivedAt: at,
    kind: 'attribute',
    name: key,
    value,
  }))
}

function intakeOf(facts: readonly Fact[], id: { messageId: string; receivedAt: Instant }): Intake {
  const message = messageOf(facts, { ...id, companyDomain: () => undefined })
  const says = message.says.map((saying, index) => ({ ...saying, receivedAt: heardAt(facts[index]!) }))
  const digest = createHash('sha256').update(id.messageId).digest()
  return { ...message, says, digest, body: null }
}

function* batchesOf(leads: Iterable<DemoLead>): Generator<DemoLead[]> {
  let batch: DemoLead[] = []
  for (const lead of leads) {
    const isOfLast = lead.account !== null && batch.at(-1)?.account === lead.account
    if (batch.length >= LEADS_AT_ONCE && !isOfLast) {
      yield batch
      batch = []
    }
    batch.push(lead)
  }
  if (batch.length > 0) yield batch
}
