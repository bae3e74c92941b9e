/**
 * The reference evaluator: slow, plain, written straight from docs/semantics.md and from nothing else.
 * It shares only types and the reading of instants and durations with the engine that it is held against.
 */
import type { Assessment, StageNow, Transition } from '../../src/assess/assessment.ts'
import type { Definition } from '../../src/definition/language.ts'
import type { Fact, LeadId } from '../../src/facts.ts'
import type { Instant } from '../../src/time.ts'
import { personaOf } from './conditions.ts'
import { live } from './history.ts'
import { inOrder } from './known.ts'
import { looksAtAccounts } from './moments.ts'
import { ms } from './numbers.ts'
import { decayOf, giveOf } from './scores.ts'
import { sceneOf, type Moment } from './settle.ts'
import { stageOf } from './state.ts'
import { valueOf } from './value.ts'

export interface ReferenceOptions {
  /**
   * Millionths added to every score in which something fades smoothly (0). Two engines may differ in the last bit of a sum;
   * what a nudge of a few bits changes lies on the very edge between two millionths of a point.
   */
  readonly nudge?: number
}

export interface ReferenceAssessment extends Assessment {
  /** By criterion: its points after its own clamp. */
  readonly contributions: Readonly<Record<string, number>>
  /** Criteria that earned their points for the unknown. */
  readonly unknown: readonly string[]
}

/** Every transition of every lead up to and including `until`, by instant, then lead, then as they followed one another. */
export function referenceReplay(
  definition: Definition,
  facts: readonly Fact[],
  until: Instant,
  options: ReferenceOptions = {},
): readonly Transition[] {
  const leads = new Set(facts.flatMap((fact) => ('lead' in fact ? [fact.lead] : [])))
  const lives = looksAtAccounts(definition)
    ? [live(definition, facts, until, options)]
    : [...leads].map((lead) => live(definition, factsThatMatterTo(lead, definition, facts), until, options))
  return lives
    .flatMap(({ transitions }) => transitions)
    .sort((a, b) => a.at - b.at || (a.lead < b.lead ? -1 : a.lead > b.lead ? 1 : 0))
}

/** Where the definition does not look at accounts, leads have nothing to do with one another. */
function factsThatMatterTo(lead: LeadId, definition: Definition, facts: readonly Fact[]): readonly Fact[] {
  if (looksAtAccounts(definition)) return facts
  return inOrder(facts).filter((fact) => fact.kind === 'account_attribute' || fact.lead === lead)
}

export function referenceAssess(
  definition: Definition,
  facts: readonly Fact[],
  lead: LeadId,
  asOf: Instant,
  options: ReferenceOptions = {},
): ReferenceAssessment {
  const own = factsThatMatterTo(lead, definition, facts)
  return assess(live(definition, own, asOf, { ...options, newcomer: { lead, at: asOf } }).end, lead)
}

function assess(moment: Moment, lead: LeadId): ReferenceAssessment {
  const { definition, at } = moment
  const scene = sceneOf(moment)
  const scores = Object.entries(definition.scores ?? {})
  const given = scores.flatMap(([, score]) =>
    Object.values(score.groups).flatMap((group) =>
      group.criteria.map((criterion) => {
        const { micro, isUnknown } = giveOf(criterion, decayOf(criterion, group, score), lead, scene)
        return { id: criterion.id, points: micro / 1_000_000, isUnknown }
      }),
    ),
  )
  const categories = Object.keys(definition.categories ?? {})
  const value = definition.value && valueOf(definition.value, lead, scene)
  return {
    lead,
    asOf: at,
    personas: Object.keys(definition.personas ?? {}).filter((name) => personaOf(name, lead, scene) === true),
    scores: Object.fromEntries(scores.map(([name]) => [name, scene.score(lead, name) / 1_000_000])),
    levels: Object.fromEntries(categories.map((name) => [name, scene.level(lead, name).level])),
    stage: stageNow(moment, lead),
    ...(value === undefined ? {} : { value }),
    contributions: Object.fromEntries(given.map(({ id, points }) => [id, points])),
    unknown: given.filter(({ isUnknown }) => isUnknown).map(({ id }) => id),
  }
}

function stageNow({ definition, at, states }: Moment, lead: LeadId): StageNow {
  const { id, since } = states.get(lead)!.stage
  const { sla } = stageOf(definition, id)
  if (sla === undefined) return { id, since }
  const dueAt = since + ms(sla)
  return { id, since, sla: { dueAt, breached: at >= dueAt } }
}

/**
 * The first transition of the lead after `asOf` that comes by time alone, or undefined if there is none within the
 * horizon. Facts after `asOf` are not looked at.
 */
export function referenceNextChange(
  definition: Definition,
  facts: readonly Fact[],
  look: ReferenceLook,
  options: ReferenceOptions = {},
): Transition | undefined {
  return referenceLook(definition, facts, look, options).next
}

export interface ReferenceLook {
  readonly lead: LeadId
  readonly asOf: Instant
  /** How far ahead the next change is looked for. */
  readonly horizonMs: number
}

/** The assessment and the next change in one go. */
export function referenceLook(
  definition: Definition,
  facts: readonly Fact[],
  { lead, asOf, horizonMs }: ReferenceLook,
  options: ReferenceOptions = {},
): { readonly assessment: ReferenceAssessment; readonly next: Transition | undefined } {
  const past = inOrder(factsThatMatterTo(lead, definition, facts)).filter((fact) => fact.at <= asOf)
  const isNext = (transition: Transition) => transition.lead === lead && transition.at > asOf
  let assessment: ReferenceAssessment | undefined
  const { transitions } = live(definition, past, asOf + horizonMs, {
    ...options,
    newcomer: { lead, at: asOf },
    enough: isNext,
    watch: (moment) => {
      if (moment.at === asOf) assessment = assess(moment, lead)
    },
  })
  return { assessment: assessment!, next: transitions.find(isNext) }
}
