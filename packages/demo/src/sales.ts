/**
 * How salespeople judge. They see what was said and done, hear the rest through noise, and never see the truth itself.
 */
import type { FactValue, Instant } from '@winnow/engine'
import { DAY_MS, dateText } from './calendar.ts'
import type { Account, Person } from './people.ts'
import type { Chance } from './random.ts'
import type { Rep } from './tables.ts'

export interface Verdict {
  readonly decision: 'accept' | 'reject' | 'qualify' | 'recycle' | 'disqualify'
  readonly reason?: string
}

/** What lies before a rep who opens a lead. */
export interface Desk {
  readonly person: Person
  readonly account: Account
  readonly rep: Rep
  readonly chance: Chance
  /** The latest request for a demo or a talk. */
  readonly askedAt: Instant
  readonly now: Instant
  /** How often somebody in sales has looked at this lead before. */
  readonly looksBefore: number
}

const known = (said: Person['said'], name: string): FactValue | undefined => said.find(([each]) => each === name)?.[1]

/** The first look at a new MQL. */
export function firstLook(desk: Desk): Verdict {
  const { person, account, chance, looksBefore } = desk
  const out = whoIsOut(desk)
  if (out !== undefined) return { decision: 'disqualify', reason: out }
  const asked = desk.now - desk.askedAt < 21 * DAY_MS
  const liking = -0.25 + likingOf(person, account) + (asked ? 1.3 : 0) + desk.rep.eagerness + 0.75 * chance.normal()
  if (liking > 0) return { decision: 'accept' }
  // Whoever comes back a third time with nothing new is taken out.
  if (looksBefore >= 2 && chance.is(0.5)) return { decision: 'disqualify', reason: 'Student or job seeker' }
  return { decision: 'reject', reason: whyNot(person, account, chance) }
}

/** People whom a look at the name and the profile rules out. */
function whoIsOut({ person, chance, looksBefore }: Desk): string | undefined {
  const { persona } = person.truth
  // What stands for anybody to see: letters as a name, the profile of a student, the name of a competitor.
  if (persona === 'bot' && chance.is(0.85)) return 'Not a person'
  if (persona === 'rival' && chance.is(0.65)) return 'Competitor'
  const isLearner = persona === 'student' || persona === 'job_seeker'
  if (isLearner && chance.is(looksBefore > 0 ? 0.6 : 0.35)) return 'Student or job seeker'
  return undefined
}

const ROLE_LIKED: Readonly<Record<string, number>> = { owner: 0.9, head: 0.9, manager: 0.3, staff: -0.4, student: -3 }
const MAILBOX_LIKED: Readonly<Record<string, number>> = { company: 0, free: -0.9, university: -2.6 }

/** Log-odds from what is written on the lead's page. */
function likingOf({ said }: Person, account: Account): number {
  const role = known(said, 'role')
  const employees = known(account.said, 'employees')
  return (
    (typeof role === 'string' ? (ROLE_LIKED[role] ?? -0.2) : -0.2) +
    (MAILBOX_LIKED[String(known(said, 'mailbox'))] ?? 0) +
    (typeof employees === 'number' ? (employees < 10 ? -1.3 : employees < 50 ? 0 : 0.7) : -0.2) +
    (known(account.said, 'industry') === 'public' ? -0.5 : 0)
  )
}

function whyNot({ said }: Person, account: Account, chance: Chance): string {
  const employees = known(account.said, 'employees')
  if (typeof employees === 'number' && employees < 10 && chance.is(0.7)) return 'Too small'
  if (known(said, 'role') === 'staff' && chance.is(0.5)) return 'Cannot decide'
  return chance.is(0.6) ? 'Only reading' : 'Not now'
}

/** Chance that a call reaches the lead. */
export const reachChance = ({ now, askedAt }: Pick<Desk, 'now' | 'askedAt'>): number =>
  now - askedAt < 14 * DAY_MS ? 0.55 : 0.32

// --- Discovery -------------------------------------------------------------------------------------------------------

export interface Heard {
  /** Answers to the four questions, as far as they were given. */
  readonly answers: readonly (readonly [name: string, value: FactValue])[]
  /** What the rep makes of the talk, about normal. */
  readonly impression: number
}

/** A talk: the truth, through what people are willing to say and what reps understand. */
export function discover({ person, now, chance }: Desk): Heard {
  const { traits, truth } = person
  const answers: (readonly [string, FactValue])[] = []
  if (chance.is(0.74)) answers.push(['budget', budgetOf(person, chance)])
  if (chance.is(0.86)) answers.push(['signs', signsOf(person, chance)])
  if (chance.is(0.9)) answers.push(['need', needOf(person, chance)])
  if (chance.is(0.8)) answers.push(['start_by', startBy(person, now, chance)])
  const isBuyer = truth.segment !== null
  const felt = isBuyer ? 0.6 * traits.pain + 0.45 * traits.urgency + (traits.hasMeans ? 0.35 : -0.5) : -1.8
  return { answers, impression: felt + 0.7 * chance.normal() }
}

function budgetOf({ truth, traits }: Person, chance: Chance): number {
  if (!traits.hasMeans || truth.expectedAmount === 0) return chance.is(0.7) ? 0 : 500 * chance.between(1, 4)
  return 500 * Math.max(1, Math.round(chance.logNormal({ median: truth.expectedAmount, spread: 0.4 }) / 500))
}

function signsOf({ truth }: Person, chance: Chance): string {
  if (truth.persona === 'owner') return chance.is(0.85) ? 'alone' : 'with_another'
  if (truth.persona === 'head') return chance.is(0.35) ? 'alone' : 'with_another'
  return chance.is(0.35) ? 'with_another' : 'no'
}

function needOf({ truth, traits }: Person, chance: Chance): readonly string[] {
  if (truth.segment === null || traits.pain + 0.6 * chance.normal() < -0.9) return ['just_looking']
  const named = ['overtime', 'sick_leave', 'law', 'growth'].filter(() => chance.is(0.3 + 0.1 * traits.pain))
  return named.length > 0 ? named : ['overtime']
}

/** Midnight of a day: soon where it is urgent. Some name a day that is over. */
function startBy({ traits }: Person, now: Instant, chance: Chance): string {
  const days = 110 - 45 * traits.urgency + 25 * chance.normal()
  const at = now + (chance.is(0.02) ? -days : Math.max(days, 7)) * DAY_MS
  return dateText(at)
}

/** After a talk: go on, wait, or let go. */
export function afterTalk(
  { person, chance }: Desk,
  { impression, answered }: { impression: number; answered: number },
): Verdict {
  const { persona } = person.truth
  // On the phone it comes out who somebody is.
  if ((persona === 'student' || persona === 'job_seeker') && chance.is(0.85)) {
    return { decision: 'disqualify', reason: 'Student or job seeker' }
  }
  if (persona === 'rival' && chance.is(0.6)) return { decision: 'disqualify', reason: 'Competitor' }
  if (impression < -0.4)
    return { decision: 'recycle', reason: !person.traits.hasMeans && chance.is(0.7) ? 'No budget' : 'Not now' }
  return answered >= ANSWERS_NEEDED ? { decision: 'qualify' } : { decision: 'recycle', reason: 'Not now' }
}

/** Both versions are content with it. */
export const ANSWERS_NEEDED = 3

/** What they say when they do not buy. */
export function whyLost(desk: Desk, isRivalThere: boolean): string {
  const { person, chance } = desk
  if (isRivalThere && chance.is(0.65)) return 'Cheaper rival'
  if (!person.traits.hasMeans && chance.is(0.6)) return 'Price'
  const tool = person.truth.drivers.find(({ driver }) => driver === 'tool')?.value
  if ((tool === 'rival_suite' || tool === 'own_system') && chance.is(0.6)) return 'Stays with present tool'
  if (person.traits.urgency < 0 && chance.is(0.6)) return 'No decision'
  return chance.pick(['Price', 'No decision', 'Missing feature', 'Stays with present tool'])
}
