/** Draws accounts and their people: who they are in truth, and what may become known of them. */
import { accountId, leadId, type AccountId, type FactValue, type Instant } from '@winnow/engine'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './calendar.ts'
import { colleagueAddress, companyName, gibberishAddress, privateAddress, studentAddress } from './names.ts'
import { Chance, weights } from './random.ts'
import { INDUSTRIES, SEGMENTS, TOOLS, type Campaign, type Industry, type PersonaName, type Tool } from './tables.ts'
import { truthFrom, type Truth } from './truth.ts'
import { crowdOf, type Arrivals, type World } from './world.ts'

export interface Person {
  readonly truth: Truth
  readonly account: AccountId | null
  readonly campaign: Campaign
  /** The form by which the person became a lead. */
  readonly firstForm: string
  /** Attributes of the person that somebody has filled in by now, right or wrong. */
  readonly said: readonly (readonly [name: string, value: FactValue])[]
  readonly traits: Traits
}

/** What moves a person; salespeople hear of it on the phone, through noise. */
export interface Traits {
  readonly pain: number
  readonly urgency: number
  readonly hasMeans: boolean
  /** How much they do beside others of their kind. */
  readonly diligence: number
}

export interface Account {
  readonly id: AccountId | null
  readonly name: string
  /** What is known of the company, right or wrong. */
  readonly said: readonly (readonly [name: string, value: FactValue])[]
  readonly people: readonly Person[]
}

interface Company {
  readonly industry: Industry
  readonly employees: number
  readonly tool: Tool
  readonly domain: string
  readonly name: string
}

const industries = weights(
  Object.fromEntries(INDUSTRIES.map((name) => [name, SEGMENTS[name].share])) as Record<Industry, number>,
)
const tools = weights<Tool>({ paper: 18, spreadsheet: 44, own_system: 16, rival_suite: 22 })
const colleagues = weights<PersonaName>({ owner: 8, head: 32, planner: 42, reviewer: 18 })
const countries = weights({ DE: 52, AT: 14, CH: 10, NL: 12, BE: 6, DK: 6 })
/** Of a company; rivals, students, job seekers and programs come alone. */
const BUYERS: ReadonlySet<PersonaName> = new Set<PersonaName>(['owner', 'head', 'planner', 'reviewer'])

export interface AccountDraw {
  readonly world: World
  readonly arrivals: Arrivals
  /** Number of the account, and of leads before it. */
  readonly index: number
  readonly leadsBefore: number
}

/** The next account, in the order in which accounts turn up. */
export function drawAccount({ world, arrivals, index, leadsBefore }: AccountDraw): Account {
  const chance = new Chance(`${world.seed}/${index}/who`)
  const day = arrivals.dayByWhich((leadsBefore + chance.next()) / world.leads)
  const campaign = arrivals.campaignAt(day, chance)
  const persona = chance.weighted(crowdOf(campaign.source))
  const isAtWork = BUYERS.has(persona) || persona === 'rival'
  const arrivedAt = Math.min(arrivals.calendar.readingTime(day, { isAtWork, chance }), world.until - 1)
  const first = { persona, campaign, arrivedAt }
  if (!BUYERS.has(persona)) return loner({ world, chance, index, first })
  const company = drawCompany(index, persona, chance)
  const arriving = [
    first,
    ...drawColleagues({ world, arrivals, chance, company, first, most: world.leads - leadsBefore - 1 }),
  ]
  return companyAccount({ world, chance, company, arriving, index })
}

interface Arriving {
  readonly persona: PersonaName
  readonly campaign: Campaign
  readonly arrivedAt: Instant
}

function drawCompany(index: number, persona: PersonaName, chance: Chance): Company {
  const industry = chance.weighted(industries)
  const { median, spread } = SEGMENTS[industry].employees
  // Who owns a company and plans its shifts too owns a small one.
  const people = chance.logNormal({ median: persona === 'owner' ? median / 3 : median, spread })
  return {
    industry,
    employees: Math.min(Math.max(Math.round(people), 2), 9000),
    tool: chance.weighted(tools),
    ...companyName(index, industry),
  }
}

interface ColleaguesDraw {
  readonly world: World
  readonly arrivals: Arrivals
  readonly chance: Chance
  readonly company: Company
  readonly first: Arriving
  readonly most: number
}

/** What one person of an account does may put off another; nobody is put off so long that they come after the end. */
const COLLEAGUES_END_MS = 3 * HOUR_MS

function drawColleagues({ world, arrivals, chance, company, first, most }: ColleaguesDraw): Arriving[] {
  const latest = world.until - COLLEAGUES_END_MS
  if (first.arrivedAt >= latest) return []
  const count = Math.min(chance.poisson(0.1 + 0.32 * Math.log10(company.employees)), 7, most)
  const website = world.campaigns.find(({ source }) => source === 'organic')!
  return Array.from({ length: count }, () => {
    const later = first.arrivedAt + chance.exponential(25 * DAY_MS)
    const day = later < latest ? later : chance.within(first.arrivedAt, latest)
    const at = arrivals.calendar.readingTime(day, { isAtWork: true, chance })
    return {
      persona: chance.weighted(colleagues),
      campaign: chance.is(0.45) ? first.campaign : website,
      arrivedAt: Math.min(Math.max(at, first.arrivedAt + MINUTE_MS), latest),
    }
  }).sort((a, b) => a.arrivedAt - b.arrivedAt)
}

interface CompanyDraw {
  readonly world: World
  readonly chance: Chance
  readonly company: Company
  readonly arriving: readonly Arriving[]
  readonly index: number
}

function companyAccount({ world, chance, company, arriving, index }: CompanyDraw): Account {
  const taken = new Set<string>()
  // Some write from home: nobody knows then where they work.
  const isPrivate = arriving.length === 1 && chance.is(0.12)
  const id = isPrivate ? null : accountId(company.domain)
  const people = arriving.map((arrival) => {
    const address = isPrivate ? privateAddress(index, chance) : colleagueAddress(company.domain, taken, chance)
    taken.add(address)
    return drawPerson({ world, chance, arrival, address, account: id, company, colleagues: arriving.length - 1 })
  })
  return { id, name: company.name, said: isPrivate ? [] : whatIsSaidOf(company, chance), people }
}

interface LonerDraw {
  readonly world: World
  readonly chance: Chance
  readonly index: number
  readonly first: Arriving
}

/** Somebody who comes for no company that would buy. */
function loner({ world, chance, index, first: arrival }: LonerDraw): Account {
  const who = { world, chance, arrival, company: null, colleagues: 0 }
  if (arrival.persona !== 'rival') {
    const person = drawPerson({ ...who, address: lonerAddress(arrival.persona, index, chance), account: null })
    return { id: null, name: '', said: [], people: [person] }
  }
  const { domain, name } = companyName(index, 'manufacturing')
  const id = accountId(domain)
  const person = drawPerson({ ...who, address: colleagueAddress(domain, new Set(), chance), account: id })
  const employees = Math.round(chance.logNormal({ median: 60, spread: 0.8 }))
  const said: Said = [['employees', employees]]
  if (chance.is(0.6)) said.push(['industry', 'software'])
  return { id, name, said, people: [person] }
}

interface PersonDraw {
  readonly world: World
  readonly chance: Chance
  readonly arrival: Arriving
  readonly address: string
  readonly account: AccountId | null
  readonly company: Company | null
  readonly colleagues: number
}

function drawPerson({ world, chance, arrival, address, account, company, colleagues }: PersonDraw): Person {
  const { persona, campaign, arrivedAt } = arrival
  const traits = drawTraits(persona, chance)
  const tool = company?.tool ?? null
  const truth = truthFrom(world, {
    lead: leadId(address),
    persona,
    segment: company?.industry ?? null,
    employees: company?.employees ?? null,
    tool,
    source: campaign.source,
    pain: traits.pain,
    urgency: traits.urgency,
    hasMeans: traits.hasMeans,
    colleagues,
    circumstances: chance.normal(),
    luck: chance.next(),
    arrivedAt,
  })
  const mailbox = account !== null ? 'company' : address.includes('@uni-') ? 'university' : 'free'
  const said = whatPeopleSay({ persona, campaign, mailbox, tool }, chance)
  return { truth, account, campaign, firstForm: firstForm(persona, campaign, chance), said, traits }
}

function lonerAddress(persona: PersonaName, index: number, chance: Chance): string {
  if (persona === 'bot') return gibberishAddress(index, chance)
  if (persona === 'student' && chance.is(0.55)) return studentAddress(index, chance)
  return privateAddress(index, chance)
}

function drawTraits(persona: PersonaName, chance: Chance): Traits {
  const hasMeans = persona === 'owner' ? 0.65 : 0.58
  return {
    pain: chance.normal(),
    urgency: chance.normal(),
    hasMeans: chance.is(hasMeans),
    diligence: chance.logNormal({ median: 1, spread: 0.85 }),
  }
}

// --- What is said ----------------------------------------------------------------------------------------------------

type Said = (readonly [name: string, value: FactValue])[]

/** Roles as people of a kind would state them; not everybody tells the truth. */
const ROLES: Readonly<Record<PersonaName, ReturnType<typeof weights<string>>>> = {
  owner: weights({ owner: 90, manager: 10 }),
  head: weights({ head: 82, manager: 14, owner: 4 }),
  planner: weights({ manager: 38, staff: 58, head: 4 }),
  reviewer: weights({ manager: 40, staff: 60 }),
  student: weights({ student: 62, staff: 22, manager: 16 }),
  job_seeker: weights({ staff: 70, manager: 20, student: 10 }),
  rival: weights({ manager: 60, head: 25, owner: 15 }),
  bot: weights({ owner: 20, head: 20, manager: 20, staff: 20, student: 20 }),
}
const DEPARTMENTS: Readonly<Record<PersonaName, ReturnType<typeof weights<string>>>> = {
  owner: weights({ operations: 60, finance: 20, other: 20 }),
  head: weights({ operations: 62, hr: 28, finance: 10 }),
  planner: weights({ operations: 70, hr: 25, other: 5 }),
  reviewer: weights({ it: 82, finance: 10, operations: 8 }),
  student: weights({ other: 70, operations: 20, hr: 10 }),
  job_seeker: weights({ other: 60, operations: 25, it: 15 }),
  rival: weights({ other: 55, operations: 25, it: 20 }),
  bot: weights({ operations: 20, hr: 20, it: 20, finance: 20, other: 20 }),
}
/** Values that no list has: typed by hand, or by a form that somebody changed. */
const ODD_ROLES = ['Chief Rota Wizard', 'n/a', 'HEAD', 'Teamleiter/in', '-'] as const
const ODD_NAMES = ['utm_term', 'favourite_colour', 'fax', 'lead_score_old', 'gdpr_text_version'] as const

interface Saying {
  readonly persona: PersonaName
  readonly campaign: Campaign
  readonly mailbox: string
  readonly tool: Tool | null
}

function whatPeopleSay({ persona, campaign, mailbox, tool }: Saying, chance: Chance): Said {
  const said: Said = [
    ['data_origin', 'synthetic'],
    ['source', campaign.source],
    ['campaign', campaign.name],
    ['mailbox', mailbox],
  ]
  if (chance.is(0.72)) said.push(['role', chance.is(0.03) ? chance.pick(ODD_ROLES) : chance.weighted(ROLES[persona])])
  if (chance.is(0.5)) said.push(['department', chance.weighted(DEPARTMENTS[persona])])
  if (tool !== null && chance.is(0.45)) said.push(['planning_tool', chance.is(0.05) ? chance.pick(TOOLS) : tool])
  if (tool === null && chance.is(0.2)) said.push(['planning_tool', chance.pick(TOOLS)])
  if (chance.is(0.06)) said.push([chance.pick(ODD_NAMES), `${chance.between(1, 999)}`])
  return said
}

function whatIsSaidOf({ industry, employees, tool }: Company, chance: Chance): Said {
  const said: Said = [['country', chance.weighted(countries)]]
  if (chance.is(0.85)) said.push(['industry', chance.is(0.04) ? chance.pick(INDUSTRIES) : industry])
  if (chance.is(0.74)) said.push(['employees', statedEmployees(employees, chance)])
  if (chance.is(0.03)) said.push(['old_system', tool])
  return said
}

/** Rounded, sometimes by a digit too many, sometimes not a number at all. */
function statedEmployees(employees: number, chance: Chance): FactValue {
  if (chance.is(0.02)) return `about ${employees}`
  if (chance.is(0.02)) return employees * 10
  const stated = chance.logNormal({ median: employees, spread: 0.15 })
  return stated < 20 ? Math.max(1, Math.round(stated)) : Math.round(stated / 5) * 5
}

function firstForm(persona: PersonaName, { source }: Campaign, chance: Chance): string {
  if (source === 'fairs') return 'fair_card'
  if (source === 'webinars') return 'webinar'
  if (persona === 'bot') return chance.pick(['newsletter', 'contact', 'guide'])
  if (source === 'referral' || source === 'partners') return chance.is(0.6) ? 'contact' : 'guide'
  return chance.pick(['guide', 'guide', 'newsletter', 'template', 'guide'])
}
