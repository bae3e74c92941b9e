/** Half a million invented leads with ten million activities, as columns clustered by lead. */
import { sharedMemory, type ActivityColumns, type AttributeColumn, type Columns } from '@winnow/engine'
import { Random } from '../random.ts'

const DAY_MS = 86_400_000
export const AS_OF = Date.UTC(2026, 5, 1)

export const TYPES = [
  'page',
  'email_clicked',
  'email_opened',
  'product',
  'form_submitted',
  'webinar',
  'chat',
  'download',
  'call',
  'email_unsubscribed',
] as const

const SECTIONS = ['/blog/', '/docs/', '/pricing', '/customers/', '/careers/', '/integrations/', '/about/', '/events/']
export const PATHS = Array.from({ length: 160 }, (_, index) => `${SECTIONS[index % SECTIONS.length]}${index}`)

export const TEXTS = {
  industry: ['software', 'services', 'manufacturing', 'retail', 'education', 'public', 'health', 'energy'],
  job_level: ['executive', 'director', 'manager', 'individual', 'student'],
  department: ['finance', 'operations', 'it', 'sales', 'other'],
  country: ['DE', 'AT', 'CH', 'NL', 'FR', 'IT', 'ES', 'PL', 'US', 'IN', 'BR', 'CN'],
  source: ['website', 'paid_search', 'webinar', 'event', 'partner', 'outbound'],
  title: ['CFO', 'Head of Finance', 'Accountant', 'Controller', 'CTO', 'Student', 'Sales Director', 'Buyer', 'Intern'],
  ledger: ['dynamics', 'netsuite', 'sage', 'sap', 'other'],
} as const
export const NUMBERS = { employees: 5000, revenue: 1_000_000, age: 70, seats: 400, visits: 60, budget: 90_000 } as const
export const FLAGS = ['free_mail', 'competitor', 'customer'] as const

export function makeColumns(leads: number, activities: number): Columns {
  const random = new Random(1)
  return {
    count: leads,
    attributes: new Map([
      ...Object.entries(TEXTS).map(([name, values]) => [name, texts(random, values, leads)] as const),
      ...Object.entries(NUMBERS).map(([name, below]) => [name, numbers(random, below, leads)] as const),
      ...FLAGS.map((name) => [name, texts(random, [true, false], leads)] as const),
    ]),
    activities: makeActivities(random, leads, activities),
  }
}

const UNKNOWN_SHARE = 0.15

function texts(random: Random, values: readonly unknown[], count: number): AttributeColumn {
  const codes = new Uint16Array(sharedMemory(count * 2))
  for (let row = 0; row < count; row++) codes[row] = random.chance(UNKNOWN_SHARE) ? 0 : 1 + random.early(values.length)
  return { kind: 'codes', codes, dictionary: [undefined, ...values] }
}

function numbers(random: Random, below: number, count: number): AttributeColumn {
  const values = new Float64Array(sharedMemory(count * 8))
  for (let row = 0; row < count; row++) values[row] = random.chance(UNKNOWN_SHARE) ? NaN : random.below(below)
  return { kind: 'numbers', values }
}

function makeActivities(random: Random, leads: number, count: number): ActivityColumns {
  const offsets = drawOffsets(random, leads, count)
  const at = new Float64Array(sharedMemory(count * 8))
  for (let lead = 0; lead < leads; lead++) {
    const own = at.subarray(offsets[lead], offsets[lead + 1])
    for (let row = 0; row < own.length; row++) own[row] = AS_OF - random.below(365 * DAY_MS)
    own.sort()
  }
  const type = new Uint16Array(sharedMemory(count * 2))
  const path = new Uint16Array(sharedMemory(count * 2))
  const minutes = new Float64Array(sharedMemory(count * 8)).fill(NaN)
  for (let row = 0; row < count; row++) {
    type[row] = random.early(TYPES.length)
    if (type[row] === 0) path[row] = 1 + random.early(PATHS.length)
    else if (type[row]! >= 3 && random.chance(0.9)) minutes[row] = random.below(60)
  }
  return {
    offsets,
    at,
    type,
    types: TYPES,
    properties: new Map([
      ['path', { kind: 'codes', codes: path, dictionary: [undefined, ...PATHS] }],
      ['minutes', { kind: 'numbers', values: minutes }],
    ]),
  }
}

/** Most leads have few activities and a few have many (a geometric spread), with the total exactly as asked. */
function drawOffsets(random: Random, leads: number, count: number): Uint32Array {
  const share = Float64Array.from({ length: leads }, () => -Math.log(1 - random.next()))
  const total = share.reduce((sum, each) => sum + each, 0)
  const offsets = new Uint32Array(sharedMemory((leads + 1) * 4))
  let sum = 0
  share.forEach((each, lead) => {
    sum += each
    offsets[lead + 1] = Math.round((sum / total) * count)
  })
  return offsets
}
