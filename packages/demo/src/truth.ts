/** The hidden truth about one lead: the arithmetic of its propensity, kept apart from the facts. */
import type { Instant, LeadId } from '@winnow/engine'
import type { Industry, PersonaName, Source, Tool } from './tables.ts'
import type { World } from './world.ts'

/** One line of the arithmetic. */
export interface Driver {
  readonly driver:
    | 'persona'
    | 'size'
    | 'industry'
    | 'tool'
    | 'source'
    | 'pain'
    | 'urgency'
    | 'means'
    | 'colleagues'
    | 'circumstances'
  /** What is so of this lead; standard deviations where it is a number without a unit. */
  readonly value: string | number | boolean
  /** Added to the log-odds. With the intercept they add up to `logOdds`. */
  readonly logOdds: number
}

export interface Truth {
  readonly lead: LeadId
  readonly persona: PersonaName
  /** The industry of the company; null for those without one. */
  readonly segment: Industry | null
  readonly arrivedAt: Instant
  /** Chance of a win if sales works the lead to the end, in the world as it was when the lead arrived. */
  readonly propensity: number
  /** The same in the world since the drift. */
  readonly propensityAfterDrift: number
  /** Of the world before the drift. */
  readonly logOdds: number
  readonly drivers: readonly Driver[]
  /**
   * 0 to 1, drawn once. Worked to the end at an instant, the lead is won if this is less than its propensity then: so what
   * would have become of a lead that nobody called is known, too.
   */
  readonly luck: number
  /** EUR that a first order is expected to bring. */
  readonly expectedAmount: number
  /** Expected further orders in a year as a customer. */
  readonly repeatOrdersPerYear: number
}

/** What the draw of a person decides; everything else of the truth follows. */
export interface Nature {
  readonly lead: LeadId
  readonly persona: PersonaName
  readonly segment: Industry | null
  readonly employees: number | null
  readonly tool: Tool | null
  readonly source: Source
  readonly pain: number
  readonly urgency: number
  readonly hasMeans: boolean
  readonly colleagues: number
  readonly circumstances: number
  readonly luck: number
  readonly arrivedAt: Instant
}

const COLLEAGUES_MAX = 3

export function truthFrom(world: World, nature: Nature): Truth {
  const { lead, persona, segment, arrivedAt, luck } = nature
  const drivers = driversOf(world, nature)
  const { intercept } = world.coefficients
  const logOdds = drivers.reduce<number>((sum, driver) => sum + driver.logOdds, intercept)
  const before = chanceOf(logOdds)
  const after = segment === world.drift.industry ? chanceOf(logOdds + world.drift.logOdds) : before
  return {
    lead,
    persona,
    segment,
    arrivedAt,
    propensity: arrivedAt < world.drift.at ? before : after,
    propensityAfterDrift: after,
    logOdds,
    drivers,
    luck,
    expectedAmount: expectedAmount(world, nature),
    repeatOrdersPerYear: segment === null ? 0 : world.segments[segment].repeatOrdersPerYear,
  }
}

const chanceOf = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds))

/** Chance of a win if the lead is worked to the end and decides at an instant. */
export const propensityAt = (world: World, truth: Truth, at: Instant): number =>
  at < world.drift.at ? chanceOf(truth.logOdds) : truth.propensityAfterDrift

function driversOf({ coefficients: k }: World, nature: Nature): Driver[] {
  const { persona, segment, employees, tool, source, pain, urgency, hasMeans, circumstances } = nature
  const colleagues = Math.min(nature.colleagues, COLLEAGUES_MAX)
  const drivers: Driver[] = [
    { driver: 'persona', value: persona, logOdds: k.persona[persona] },
    { driver: 'source', value: source, logOdds: k.source[source] },
    { driver: 'pain', value: pain, logOdds: k.pain * pain },
    { driver: 'urgency', value: urgency, logOdds: k.urgency * urgency },
    { driver: 'means', value: hasMeans, logOdds: hasMeans ? k.means.yes : k.means.no },
    { driver: 'colleagues', value: colleagues, logOdds: k.colleague * colleagues },
    { driver: 'circumstances', value: circumstances, logOdds: k.circumstances * circumstances },
  ]
  if (segment !== null) drivers.push({ driver: 'industry', value: segment, logOdds: k.industry[segment] })
  if (tool !== null) drivers.push({ driver: 'tool', value: tool, logOdds: k.tool[tool] })
  if (employees !== null) {
    const { logOdds } = k.size.find(({ below }) => below === null || employees < below)!
    drivers.push({ driver: 'size', value: employees, logOdds })
  }
  return drivers
}

function expectedAmount(world: World, { segment, employees }: Nature): number {
  if (segment === null || employees === null) return 0
  return world.segments[segment].firstOrderAt100 * Math.sqrt(employees / 100)
}
