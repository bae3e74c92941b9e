/** Ostermoor: two years at a builder of dosing systems. Forty people in twenty plants. */
import { parseInstant } from '@winnow/engine'
import { dateOf, DAY_MS, workingTime, type Log, type Values } from './log.ts'
import { addressOf, Names } from './people.ts'
import type { Chance } from './random.ts'
import type { Company, Entered, Person, Story } from './story.ts'

const FROM = parseInstant('2024-06-03T00:00:00Z')
const AS_OF = parseInstant('2026-06-01T09:00:00Z')
const DAYS = 728

const PLANTS = {
  water: [
    'Wasserwerk Oderbruch',
    'Klaerwerk Suedheide',
    'Waterschap Lage Vecht',
    'Wasserverband Aller',
    'Vattenverk Mora',
  ],
  chemicals: ['Chemie Westufer', 'Lackfabrik Bornholt', 'Harzwerke Lindau', 'Polymeer Terneuzen'],
  food: ['Brauerei Hollen', 'Molkerei Achterdeich', 'Zuckerfabrik Elm', 'Saftwerk Reuter'],
  pharma: ['Pharma Kaltenbach', 'Serum Delft', 'Arzneiwerk Trave'],
  energy: ['Heizkraftwerk Nordhafen', 'Biogas Emsland'],
  other: ['Papierfabrik Grube', 'Galvanik Oster'],
} as const
type Sector = keyof typeof PLANTS

const ENGINEERS = ['henrik.sauer', 'marta.kowalik', 'joost.vermeer', 'ulla.berg']

function companies(chance: Chance): readonly Company[] {
  const names = new Names()
  return (Object.keys(PLANTS) as Sector[]).flatMap((sector) =>
    PLANTS[sector].map((name) => drawPlant(name, sector, names, chance)),
  )
}

function drawPlant(name: string, sector: Sector, names: Names, chance: Chance): Company {
  const domain = `${name.toLowerCase().replaceAll(' ', '-')}.example`
  const values: Values = {
    employees: chance.is(0.85) ? chance.pick([18, 45, 80, 140, 210, 380, 900]) : undefined,
    sector: chance.is(0.95) ? sector : undefined,
    region: chance.is(0.9) ? chance.weighted({ dach: 8, benelux: 4, nordics: 2, other_eu: 3, overseas: 1 }) : undefined,
    line_since: chance.is(0.5) ? `${chance.between(2008, 2023)}-0${chance.between(1, 9)}-01` : undefined,
    systems_installed: chance.is(0.3) ? chance.between(1, 4) : undefined,
    competitor: name === 'Galvanik Oster' ? true : undefined,
  }
  const first = chance.between(0, DAYS - 60)
  const count = Number(chance.weighted({ 1: 4, 2: 5, 3: 4 }))
  const people = Array.from({ length: count }, (_, at) =>
    drawPerson(domain, first + at * chance.between(5, 60), names, chance),
  )
  return { name, domain, values, people }
}

function drawPerson(domain: string, day: number, names: Names, chance: Chance): Person {
  const named = names.draw(chance)
  const source = chance.weighted({
    fair: 6,
    website: 6,
    distributor: 3,
    customer: 3,
    consultant: 2,
    service: 2,
    outbound: 2,
  })
  const isReferred = source === 'customer' || source === 'consultant'
  const values: Values = {
    role: chance.is(0.85)
      ? chance.weighted({
          owner: 1,
          plant_manager: 4,
          maintenance: 4,
          process_engineer: 5,
          purchasing: 3,
          consultant: 1,
          student: 1,
        })
      : undefined,
    source,
    referred_by: isReferred ? chance.pick(['Kaja Lorenz', 'Ingenieurbuero Thal', 'Willem Smits']) : undefined,
  }
  const createdAt = workingTime(FROM + Math.min(day, DAYS - 3) * DAY_MS, chance)
  return { lead: addressOf(named, domain), ...named, createdAt, values }
}

// --- What they do ----------------------------------------------------------------------------------------------------

type Project = 'none' | 'idea' | 'planned' | 'now'

function activities(company: Company, log: Log, chance: Chance): void {
  const project = chance.weighted<Project>({ none: 3, idea: 5, planned: 6, now: 6 })
  for (const person of company.people) {
    if (person.values['source'] === 'fair')
      log.activity(person.createdAt + 60_000, person.lead, 'fair_contact', { minutes: chance.pick([5, 15, 25]) })
    if (person.values['source'] === 'outbound')
      log.activity(person.createdAt + 60_000, person.lead, 'call', { direction: 'outbound' })
    work(person, project, log, chance)
  }
  if (company.values['systems_installed'] !== undefined) service(company.people[0]!, log, chance)
}

/** A project comes in bursts, months apart. */
function work(person: Person, project: Project, log: Log, chance: Chance): void {
  const bursts = { none: 1, idea: 2, planned: 3, now: 4 }[project]
  let day = 0
  for (let burst = 0; burst < bursts; burst++) {
    const at = (days: number) =>
      Math.max(person.createdAt + 120_000, workingTime(person.createdAt + (day + days) * DAY_MS, chance))
    for (let page = chance.between(1, 4); page > 0; page--) {
      log.activity(at(0), person.lead, 'page', {
        path: chance.pick(['/systems/compact', '/applications/water', '/applications/food', '/service']),
      })
    }
    if (chance.is(0.6))
      log.activity(at(1), person.lead, 'download', { kind: chance.pick(['datasheet', 'certificate']) })
    if (chance.is(0.2))
      log.activity(at(2), person.lead, 'webinar', { title: 'Dosing without drift', minutes: chance.pick([12, 40]) })
    if (project === 'planned' || project === 'now') {
      if (chance.is(0.5)) log.activity(at(3), person.lead, 'download', { kind: 'cad' })
      if (chance.is(0.4)) log.activity(at(4), person.lead, 'calculator', { finished: true })
    }
    day += chance.between(20, project === 'now' ? 60 : 150)
  }
  if (project === 'now' && chance.is(0.6)) {
    log.activity(workingTime(person.createdAt + day * DAY_MS, chance), person.lead, 'form_submitted', {
      form: chance.pick(['quote', 'project']),
    })
  } else if (chance.is(0.2))
    log.activity(person.createdAt + DAY_MS, person.lead, 'form_submitted', { form: 'brochure' })
  if (chance.is(0.04))
    log.activity(workingTime(person.createdAt + 200 * DAY_MS, chance), person.lead, 'email_unsubscribed')
}

function service(person: Person, log: Log, chance: Chance): void {
  let day = 10
  while (person.createdAt + day * DAY_MS < AS_OF) {
    log.activity(workingTime(person.createdAt + day * DAY_MS, chance), person.lead, 'service_ticket', {
      topic: chance.pick(['valve', 'seal', 'sensor', 'invoice']),
    })
    day += chance.between(40, 160)
  }
}

// --- What sales does -------------------------------------------------------------------------------------------------

function reaction({ lead, stage, since }: Entered, log: Log, chance: Chance): void {
  const by = ENGINEERS[lead.length % ENGINEERS.length]!
  const soon = (from: number, to: number) => workingTime(since + chance.between(from, to) * DAY_MS, chance)
  switch (stage) {
    case 'mql': {
      const answer = chance.weighted({ accept: 7, reject: 2, nobody: 1 })
      if (answer === 'accept') log.decision(soon(1, 4), lead, 'accept', { by })
      if (answer === 'reject')
        log.decision(soon(1, 4), lead, 'reject', {
          by,
          reason: chance.pick(['Budget next year', 'Could not be reached', 'Wrong department']),
        })
      return
    }
    case 'sal':
      return visit(lead, by, soon(5, 30), log, chance)
    case 'sql': {
      const at = soon(14, 50)
      const offer = { offer_amount: chance.pick([62_000, 95_000, 140_000, 210_000, 480_000]), offer_sent: dateOf(at) }
      if (chance.is(0.8)) log.attributes(at, lead, offer)
      return
    }
    case 'opportunity': {
      const end = chance.weighted({ win: 4, lose: 4, open: 3 })
      if (end === 'win')
        log.decision(soon(40, 200), lead, 'win', { by, amount: chance.pick([62_000, 140_000, 205_000]) })
      if (end === 'lose')
        log.decision(soon(30, 160), lead, 'lose', {
          by,
          reason: chance.pick(['Price', 'Delivery time', 'Project cancelled']),
        })
      return
    }
    default:
  }
}

function visit(lead: string, by: string, at: number, log: Log, chance: Chance): void {
  if (chance.is(0.8)) log.activity(at, lead, 'visit', { by: 'engineer' })
  const answers: Values = {
    budget_status: chance.is(0.6) ? chance.pick(['approved', 'in_next_plan']) : undefined,
    approval: chance.is(0.8) ? chance.pick(['plant', 'board', 'group']) : undefined,
    application: chance.is(0.9)
      ? chance.pick(['Sodium hypochlorite, drifts in summer', 'Acid and lye by turns', 'Flocculant, pump clogs'])
      : undefined,
    needed_by: chance.is(0.6) ? dateOf(at + chance.between(120, 500) * DAY_MS) : undefined,
  }
  log.attributes(at, lead, answers)
  const answered = Object.values(answers).filter((answer) => answer !== undefined).length
  const later = at + chance.between(1, 20) * DAY_MS
  if (answered >= 3) log.decision(later, lead, 'qualify', { by })
  else if (chance.is(0.6))
    log.decision(later, lead, 'recycle', { by, reason: chance.pick(['Budget next year', 'Project stopped']) })
}

export const industrialManufacturer: Story = { seed: 'Ostermoor', asOf: AS_OF, companies, activities, reaction }
