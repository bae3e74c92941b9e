/** Lindenhof: the winter before the April start. Forty people, ten weeks. */
import { parseInstant } from '@winnow/engine'
import { DAY_MS, HOUR_MS, workingTime, type Log, type Values } from './log.ts'
import { addressOf, Names } from './people.ts'
import type { Chance } from './random.ts'
import type { Company, Entered, Person, Story } from './story.ts'

const FROM = parseInstant('2026-01-05T00:00:00Z')
const AS_OF = parseInstant('2026-03-16T12:00:00Z')
const DAYS = 70

const EMPLOYERS = ['stadtwerke-auenthal', 'klinikum-westrand', 'spedition-hagedorn', 'sparbank-lahn'] as const
const MAILBOXES = ['postkorb', 'mailhaus', 'briefbox'] as const
const ADVISORS = ['jana.reinholt', 'omar.celik', 'petra.voss', 'simon.aigner']

function companies(chance: Chance): readonly Company[] {
  const names = new Names()
  const employers = EMPLOYERS.map((name, at): Company => {
    const domain = `${name}.example`
    const people = Array.from({ length: at === 0 ? 3 : 1 }, () => drawPerson(domain, true, names, chance))
    return { name, domain, values: { learners_sent: chance.is(0.7) ? chance.between(0, 6) : undefined }, people }
  })
  // Most people come as themselves: a mailbox is nobody's employer, so each is alone.
  const alone = Array.from({ length: 34 }, (): Company => {
    const person = drawPerson(`${chance.pick(MAILBOXES)}.example`, false, names, chance)
    return { name: '', values: {}, people: [person] }
  })
  return [...employers, ...alone]
}

function drawPerson(domain: string, isSponsored: boolean, names: Names, chance: Chance): Person {
  const named = names.draw(chance)
  const known = (probability: number) => chance.is(probability)
  const source = isSponsored
    ? 'employer'
    : chance.weighted({ search: 8, social: 7, fair: 4, alumni: 4, employment_agency: 4 })
  const values: Values = {
    programme: known(0.9) ? chance.weighted({ data: 5, design: 3, software: 5, undecided: 3 }) : undefined,
    goal: known(0.7) ? chance.weighted({ new_career: 6, promotion: 3, freelance: 2, curiosity: 2 }) : undefined,
    weekly_hours: known(0.6) ? chance.pick([3, 4, 8, 10, 12, 15, 20, 20, 30]) : undefined,
    english: known(0.7) ? chance.weighted({ a2: 1, b1: 3, b2: 5, c1: 3 }) : undefined,
    education: known(0.8) ? chance.weighted({ school: 2, vocational: 4, bachelor: 4, master: 2 }) : undefined,
    funding: isSponsored
      ? 'employer'
      : source === 'employment_agency'
        ? 'voucher'
        : known(0.3)
          ? chance.pick(['self', 'loan'])
          : undefined,
    country: chance.weighted({ DE: 14, AT: 3, CH: 2, PL: 1 }),
    source,
    recommended_by: source === 'alumni' ? chance.pick(['Lena Falk', 'Cem Kaya', 'Rosa Dahl']) : undefined,
  }
  const day = chance.between(0, DAYS - 1)
  return { lead: addressOf(named, domain), ...named, createdAt: workingTime(FROM + day * DAY_MS, chance), values }
}

// --- What they do ----------------------------------------------------------------------------------------------------

type Way = 'looks' | 'learns' | 'compares' | 'applies'

function activities(company: Company, log: Log, chance: Chance): void {
  for (const person of company.people) {
    const way = chance.weighted<Way>({ looks: 5, learns: 5, compares: 6, applies: 8 })
    const programme = person.values['programme'] ?? 'data'
    const at = after(person, chance)
    for (let page = chance.between(1, 4); page > 0; page--) {
      log.activity(at(0), person.lead, 'page', { path: `/programmes/${String(programme)}` })
    }
    if (way !== 'looks') follow(person, way, at, log, chance)
    if (way === 'compares' || way === 'applies') compare(person, at, log, chance)
    if (way === 'applies') apply(person, at, log, chance)
    if (chance.is(0.06)) log.activity(at(chance.between(5, 25)), person.lead, 'email_unsubscribed')
  }
}

type After = (days: number) => number

/** Instants some days after a person came, in the evening as often as during the day. */
const after =
  (person: Person, chance: Chance): After =>
  (days) =>
    Math.max(
      person.createdAt + 120_000,
      workingTime(person.createdAt + days * DAY_MS, chance) + chance.between(0, 4) * HOUR_MS,
    )

function follow(person: Person, way: Way, at: After, log: Log, chance: Chance): void {
  const lessons = way === 'learns' ? chance.between(6, 12) : chance.between(0, 3)
  for (let lesson = 0; lesson < lessons; lesson++) {
    log.activity(at(chance.between(0, 20)), person.lead, 'lesson', { course: 'free', title: `Lesson ${lesson + 1}` })
  }
  for (let mail = chance.between(0, 3); mail > 0; mail--) {
    log.activity(at(mail * 7), person.lead, 'email_clicked', { campaign: 'april-start' })
  }
}

function compare(person: Person, at: After, log: Log, chance: Chance): void {
  for (let look = chance.between(1, 3); look > 0; look--) {
    log.activity(at(chance.between(0, 6)), person.lead, 'page', {
      path: chance.pick(['/fees', '/funding/voucher', '/fees/instalments']),
    })
  }
  if (chance.is(0.6)) {
    const minutes = chance.pick([9, 35, 50, 55])
    log.activity(at(chance.between(1, 9)), person.lead, 'info_session', {
      programme: String(person.values['programme'] ?? 'all'),
      minutes,
    })
  }
  if (chance.is(0.5))
    log.activity(at(chance.between(1, 8)), person.lead, 'lesson', {
      course: 'trial',
      finished: chance.pick(['yes', 'no']) === 'yes',
    })
  if (chance.is(0.3)) log.activity(at(chance.between(0, 5)), person.lead, 'chat', { messages: chance.between(1, 9) })
}

function apply(person: Person, at: After, log: Log, chance: Chance): void {
  const day = chance.between(2, 9)
  if (chance.is(0.5)) {
    const booked = at(day)
    log.activity(booked, person.lead, 'call_booked')
    if (chance.is(0.25))
      log.activity(booked + chance.between(1, 3) * DAY_MS, person.lead, 'call', { outcome: 'no_show' })
  }
  if (chance.is(0.4)) log.activity(at(day + 1), person.lead, 'placement_test', { points: chance.between(30, 100) })
  if (chance.is(0.7)) {
    const started = at(day + chance.between(0, 3))
    log.activity(started, person.lead, 'application', { step: 'started' })
    if (chance.is(0.6))
      log.activity(started + chance.between(1, 6) * DAY_MS, person.lead, 'application', { step: 'submitted' })
  }
}

// --- What admissions does --------------------------------------------------------------------------------------------

function reaction({ lead, stage, since }: Entered, log: Log, chance: Chance): void {
  const by = ADVISORS[lead.length % ADVISORS.length]!
  const soon = (from: number, to: number) => workingTime(since + chance.between(from, to) * DAY_MS, chance)
  switch (stage) {
    case 'mql': {
      const at = Math.max(since + chance.between(10, 200) * 60_000, soon(0, 1))
      const answer = chance.weighted({ accept: 8, reject: 2, nobody: 1 })
      if (answer === 'accept') log.decision(at, lead, 'accept', { by })
      if (answer === 'reject')
        log.decision(at, lead, 'reject', {
          by,
          reason: chance.pick(['Next term', 'Could not be reached', 'No funding yet']),
        })
      return
    }
    case 'sal':
      return talk(lead, by, Math.max(since + HOUR_MS, soon(0, 2)), log, chance)
    case 'opportunity': {
      const end = chance.weighted({ win: 7, lose: 2, open: 2 })
      if (end === 'win') log.decision(soon(1, 7), lead, 'win', { by, amount: chance.pick([6900, 7900, 8900]) })
      if (end === 'lose')
        log.decision(soon(1, 7), lead, 'lose', {
          by,
          reason: chance.pick(['Too expensive', 'Another school', 'No voucher']),
        })
      return
    }
    default:
  }
}

function talk(lead: string, by: string, at: number, log: Log, chance: Chance): void {
  const answers: Values = {
    funding: chance.is(0.6) ? chance.pick(['self', 'voucher', 'loan']) : undefined,
    decides: chance.is(0.8) ? chance.pick(['alone', 'alone', 'with_family']) : undefined,
    weekly_hours: chance.is(0.9) ? chance.pick([6, 10, 12, 15, 20]) : undefined,
    goal: chance.is(0.8) ? chance.pick(['new_career', 'promotion']) : undefined,
    start_term: chance.is(0.8) ? chance.pick(['2026-04-01', '2026-04-01', '2026-07-01']) : undefined,
  }
  log.attributes(at, lead, answers)
  const answered = ['funding', 'decides', 'goal', 'start_term'].filter((name) => answers[name] !== undefined).length
  if (answered >= 3) log.decision(at + chance.between(5, 90) * 60_000, lead, 'qualify', { by })
  else if (chance.is(0.5))
    log.decision(at + chance.between(1, 4) * DAY_MS, lead, 'recycle', { by, reason: 'Next term' })
}

export const onlineSchool: Story = {
  seed: 'Lindenhof',
  asOf: AS_OF,
  companies,
  activities,
  reaction,
}
