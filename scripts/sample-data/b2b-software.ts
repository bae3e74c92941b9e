/** Tallybrook: spring at a seller of month-end closing software. Sixty leads, ninety days. */
import { parseInstant, type Instant } from '@winnow/engine'
import { dateOf, DAY_MS, HOUR_MS, workingTime, type Log, type Values } from './log.ts'
import { addressOf, Names } from './people.ts'
import type { Chance } from './random.ts'
import type { Company, Entered, Person, Story } from './story.ts'

const FROM = parseInstant('2026-03-02T00:00:00Z')
const AS_OF = parseInstant('2026-06-01T10:30:00Z')
const DAYS = 91

const WORDS =
  `Nordwind Brightmill Harbour Fernhill Kupfer Silberbach Oakline Tidewater Bluestone Steinfeld Larkspur Marlow Weidenhof
Copperfield Ravenna Solvik Ashgrove Lindenau Quarry Pinewood Saltmarsh Thornbury Eastgate Falkenberg Greenway Hollis Ironbridge Juniper
Kestrel Lowland Millrace Northlight Orchard Peregrine Redwater Seabright Tannhof Ulmenried Underhill Vantage Wakefern Westerly Zypress`.split(
    /\s+/,
  )
const TRADES = {
  manufacturing: ['Pumpen', 'Metallbau', 'Packaging', 'Ventile', 'Instruments'],
  services: ['Logistics', 'Consulting', 'Facility', 'Engineering'],
  software: ['Software', 'Systems', 'Data'],
  retail: ['Foods', 'Moebel', 'Outdoor', 'Apotheken'],
  education: ['Academy', 'College'],
  public: ['Stadtwerke'],
  other: ['Holding'],
} as const
type Industry = keyof typeof TRADES

const SALES = ['rita.solberg', 'tom.adeyemi', 'lea.brandt']

function companies(chance: Chance): readonly Company[] {
  const names = new Names()
  let people = 0
  const all: Company[] = []
  for (const word of WORDS) {
    const company = drawCompany(word, names, chance)
    people += company.people.length
    all.push(company)
    if (people >= 62) break
  }
  return all
}

function drawCompany(word: string, names: Names, chance: Chance): Company {
  const industry = chance.weighted<Industry>({
    manufacturing: 8,
    services: 7,
    software: 6,
    retail: 4,
    education: 2,
    public: 1,
    other: 2,
  })
  const trade = chance.pick(TRADES[industry])
  const domain = `${word}.example`.toLowerCase()
  const size = chance.weighted({ tiny: 3, small: 4, middle: 12, large: 5, huge: 1 })
  const employees = {
    tiny: chance.between(2, 19),
    small: chance.between(20, 49),
    middle: chance.between(50, 499),
    large: chance.between(500, 1999),
    huge: chance.between(2000, 9000),
  }[size]
  const values: Values = {
    employees: chance.is(0.9) ? employees : undefined,
    industry: chance.is(0.8) ? industry : undefined,
    ledger: chance.is(0.55) ? chance.weighted({ dynamics: 4, netsuite: 3, sage: 4, sap: 3, other: 3 }) : undefined,
    competitor: industry === 'software' && chance.is(0.2) ? true : undefined,
  }
  const count = size === 'tiny' ? 1 : Number(chance.weighted({ 1: 6, 2: 3, 3: 2 }))
  const people = Array.from({ length: count }, () => drawPerson(domain, names, chance))
  return { name: `${word} ${trade}`, domain, values, people }
}

function drawPerson(domain: string, names: Names, chance: Chance): Person {
  const named = names.draw(chance)
  const isStudent = chance.is(0.07)
  // A few more come towards the end: the spring campaign.
  const day = chance.is(0.35) ? chance.between(70, DAYS - 2) : chance.between(0, 70)
  const country = chance.weighted({ DE: 10, AT: 3, CH: 3, NL: 5, BE: 2, SE: 2, US: 1 })
  const source = chance.weighted({ website: 8, paid_search: 4, webinar: 3, event: 2, partner: 1, outbound: 2 })
  const values: Values = {
    job_level: isStudent
      ? 'student'
      : chance.is(0.85)
        ? chance.weighted({ executive: 3, director: 5, manager: 7, individual: 4 })
        : undefined,
    department: chance.is(0.85) ? chance.weighted({ finance: 12, operations: 3, it: 4, other: 2 }) : undefined,
    country: chance.is(0.95) ? country : undefined,
    free_mailbox: isStudent || chance.is(0.05) ? true : undefined,
    source,
    referred_by: !isStudent && (source === 'partner' || chance.is(0.05)) ? 'Ines Calder' : undefined,
  }
  return { lead: addressOf(named, domain), ...named, createdAt: workingTime(FROM + day * DAY_MS, chance), values }
}

// --- What they do ----------------------------------------------------------------------------------------------------

type Interest = 'none' | 'curious' | 'learning' | 'looking' | 'buying'

const CASE_STUDIES = ['harbour-foods', 'kupfer-ventile', 'oakline-logistics', 'solvik-instruments']
const DOCS = [
  '/docs/getting-started',
  '/docs/sso',
  '/integrations/netsuite',
  '/integrations/dynamics',
  '/docs/audit-trail',
]

function activities(company: Company, log: Log, chance: Chance): void {
  const mood = chance.weighted<Interest>({ none: 2, curious: 6, learning: 7, looking: 6, buying: 6 })
  for (const person of company.people) {
    const isStudent = person.values['job_level'] === 'student'
    visit(person, isStudent ? 'curious' : mood, log, chance)
    if (!isStudent && mood !== 'none' && chance.is(0.15)) comeBack(person, log, chance)
    if (isStudent) for (let at = 0; at < 2; at++) page(person, at, '/careers', log, chance)
  }
}

/** Some come back when the price list of June is announced: last week, or this very morning. */
function comeBack(person: Person, log: Log, chance: Chance): void {
  const at = chance.is(0.5)
    ? AS_OF - chance.between(20, 200) * 60_000
    : workingTime(AS_OF - chance.between(3, 6) * DAY_MS, chance)
  if (at < person.createdAt + DAY_MS) return
  for (let look = chance.between(2, 3); look > 0; look--)
    log.activity(at - look * 90_000, person.lead, 'page', { path: '/pricing' })
  if (chance.is(0.6)) log.activity(at, person.lead, 'form_submitted', { form: chance.pick(['demo', 'quote']) })
}

/** Visits over the days after a person came; the more interest, the more of them, the closer together. */
function visit(person: Person, interest: Interest, log: Log, chance: Chance): void {
  const sessions = { none: 0, curious: 2, learning: 4, looking: 5, buying: 6 }[interest]
  page(person, 0, chance.pick(['/', '/blog/close-in-three-days', '/features']), log, chance)
  for (let session = 0; session < sessions; session++) {
    const day = session * chance.between(2, interest === 'buying' ? 4 : 9)
    const pages = chance.between(1, interest === 'buying' ? 4 : 3)
    for (let count = 0; count < pages; count++) page(person, day, pathFor(interest, chance), log, chance)
  }
  if (interest !== 'none') nurture(person, chance.between(1, 5), log, chance)
  if (interest === 'learning' || interest === 'looking') learn(person, log, chance)
  if (interest === 'buying' || (interest === 'looking' && chance.is(0.4))) ask(person, log, chance)
  if (person.values['source'] === 'outbound') {
    log.activity(timeOf(person, 0, chance), person.lead, 'call', {
      direction: 'outbound',
      outcome: chance.pick(['reached', 'no_answer']),
    })
  }
  if (chance.is(0.05)) log.activity(timeOf(person, chance.between(5, 20), chance), person.lead, 'email_unsubscribed')
}

const timeOf = (person: Person, day: number, chance: Chance): Instant =>
  Math.max(person.createdAt + 60_000, workingTime(person.createdAt + day * DAY_MS, chance))

function page(person: Person, day: number, path: string, log: Log, chance: Chance): void {
  log.activity(timeOf(person, day, chance), person.lead, 'page', { path })
}

function pathFor(interest: Interest, chance: Chance): string {
  const kind = {
    none: () => 'home' as const,
    curious: () => chance.weighted({ home: 5, blog: 4, pricing: 1 }),
    learning: () => chance.weighted({ home: 3, blog: 3, case: 3, docs: 2, pricing: 1 }),
    looking: () => chance.weighted({ home: 1, case: 3, docs: 3, pricing: 3 }),
    buying: () => chance.weighted({ case: 2, docs: 3, pricing: 5 }),
  }[interest]()
  switch (kind) {
    case 'home':
      return chance.pick(['/', '/features', '/about'])
    case 'blog':
      return chance.pick(['/blog/close-in-three-days', '/blog/accruals-without-tears', '/blog/audit-season'])
    case 'case':
      return `/customers/${chance.pick(CASE_STUDIES)}`
    case 'docs':
      return chance.pick(DOCS)
    case 'pricing':
      return chance.pick(['/pricing', '/pricing', '/pricing/enterprise'])
  }
}

function nurture(person: Person, mails: number, log: Log, chance: Chance): void {
  for (let mail = 1; mail <= mails; mail++) {
    if (chance.is(0.5))
      log.activity(timeOf(person, mail * 7, chance), person.lead, 'email_clicked', { campaign: `spring-${mail}` })
  }
}

function learn(person: Person, log: Log, chance: Chance): void {
  if (chance.is(0.6))
    log.activity(timeOf(person, chance.between(1, 12), chance), person.lead, 'form_submitted', {
      form: chance.pick(['guide', 'checklist', 'template']),
    })
  if (chance.is(0.5))
    log.activity(timeOf(person, chance.between(3, 20), chance), person.lead, 'webinar', {
      title: 'A close in three days',
      minutes: chance.pick([8, 25, 44, 52]),
    })
}

function ask(person: Person, log: Log, chance: Chance): void {
  const day = chance.between(1, 10)
  const wish = chance.weighted({ demo: 5, contact: 2, quote: 1, trial: 4 })
  const at = timeOf(person, day, chance)
  if (wish !== 'trial') return log.activity(at, person.lead, 'form_submitted', { form: wish })
  log.activity(at, person.lead, 'trial_started', { plan: 'team' })
  const uses = chance.between(0, 9)
  for (let use = 0; use < uses; use++) {
    log.activity(timeOf(person, day + chance.between(0, 13), chance), person.lead, 'product', {
      event: chance.pick(['login', 'close_run', 'close_run', 'import']),
    })
  }
}

// --- What sales does -------------------------------------------------------------------------------------------------

function reaction({ lead, stage, since }: Entered, log: Log, chance: Chance): void {
  const by = SALES[lead.length % SALES.length]!
  switch (stage) {
    case 'mql':
      return takeUp(lead, by, since, log, chance)
    case 'sal':
      return discover(lead, by, since, log, chance)
    case 'sql':
      if (chance.is(0.75)) {
        const at = workingTime(since + chance.between(2, 7) * DAY_MS, chance)
        const amount = chance.pick([9000, 14_500, 16_000, 18_200, 34_000])
        log.attributes(at, lead, { deal_amount: amount, close_expected: dateOf(at + chance.between(15, 45) * DAY_MS) })
      }
      return
    case 'opportunity':
      return close(lead, by, since, log, chance)
    default:
  }
}

function takeUp(lead: string, by: string, since: Instant, log: Log, chance: Chance): void {
  const at = Math.max(
    since + chance.between(20, 300) * 60_000,
    workingTime(since + chance.between(0, 1) * DAY_MS, chance),
  )
  const answer = chance.weighted({ accept: 6, reject: 3, forgotten: 1 })
  if (answer === 'accept') log.decision(at, lead, 'accept', { by })
  if (answer === 'reject')
    log.decision(at, lead, 'reject', {
      by,
      reason: chance.pick(['Not now', 'Could not be reached', 'Wrong contact at the right company']),
    })
}

function discover(lead: string, by: string, since: Instant, log: Log, chance: Chance): void {
  const at = workingTime(since + chance.between(1, 4) * DAY_MS, chance)
  const answers: Values = {
    budget: chance.is(0.5) ? chance.pick([8000, 12_000, 15_000, 20_000, 40_000]) : undefined,
    signs: chance.is(0.8) ? chance.pick(['alone', 'with_another', 'no']) : undefined,
    pain: chance.is(0.85)
      ? chance.some(['slow_close', 'audit_findings', 'key_person', 'replacing_tool'], chance.between(1, 2))
      : undefined,
    start_by: chance.is(0.75) ? dateOf(at + chance.between(30, 150) * DAY_MS) : undefined,
  }
  log.attributes(at, lead, answers)
  const known = Object.values(answers).filter((answer) => answer !== undefined).length
  const later = at + chance.between(1, 48) * HOUR_MS
  if (known >= 3) log.decision(later, lead, 'qualify', { by })
  else if (chance.is(0.6))
    log.decision(later, lead, 'recycle', {
      by,
      reason: chance.pick(['Not now', 'No budget this year', 'Needs a feature we lack']),
    })
}

function close(lead: string, by: string, since: Instant, log: Log, chance: Chance): void {
  const at = workingTime(since + chance.between(6, 21) * DAY_MS, chance)
  const end = chance.weighted({ win: 5, lose: 4, open: 1 })
  if (end === 'win') log.decision(at, lead, 'win', { by, amount: chance.pick([9000, 14_500, 16_000, 34_000]) })
  if (end === 'lose')
    log.decision(at, lead, 'lose', { by, reason: chance.pick(['Price', 'No decision', 'Bought a competitor']) })
}

export const b2bSoftware: Story = { seed: 'Tallybrook', asOf: AS_OF, companies, activities, reaction }
