/**
 * Smooth decay: the first millisecond at which the comparison of a score with a literal comes out differently.
 * Found by halving, with an enclosure: between two moments of moments.ts every criterion only falls or only rises, so
 * its values at both ends of a stretch enclose it, and clamps, sums and weights keep the order.
 */
import type { Comparison, Definition } from '../../src/definition/language.ts'
import type { LeadId } from '../../src/facts.ts'
import type { Instant } from '../../src/time.ts'
import { conditionsOf } from './moments.ts'
import { holds, mayFlip, micro, once } from './numbers.ts'
import { addUp, decayOf, fades, giveOf } from './scores.ts'
import { sceneOf, type Moment } from './settle.ts'

interface Tested {
  readonly name: string
  readonly comparisons: readonly Comparison[]
}

/** The scores in which something decays smoothly and that some condition compares with a literal. */
const testedOf = once((definition: Definition): readonly Tested[] =>
  Object.entries(definition.scores ?? {}).flatMap(([name, score]) => {
    const comparisons = conditionsOf(definition).filter(
      (each) => 'score' in each && each.score === name,
    ) as Comparison[]
    return fades(score) && comparisons.length > 0 ? [{ name, comparisons }] : []
  }),
)

/** What every criterion of the tested scores gives at one instant, lead by lead, in the order in which `addUp` asks. */
interface Sample {
  readonly at: Instant
  readonly given: readonly (readonly number[])[]
}

/** The first instant after that of `moment`, up to `to`, at which some comparison flips. Only smooth decay lies between. */
export function firstCrossing(moment: Moment, to: Instant): Instant | undefined {
  const tested = testedOf(moment.definition)
  if (tested.length === 0 || to <= moment.at) return undefined
  const each = [...moment.states.keys()].flatMap((lead) => tested.map((one) => ({ lead, ...one })))
  const start = sample(moment, each, moment.at)
  return search(start, sample(moment, each, to))

  function search(a: Sample, b: Sample): Instant | undefined {
    const open = each.filter((one, place) => {
      const range = rangeOf(moment, one.name, a.given[place], b.given[place])
      return one.comparisons.some((comparison) => mayFlip(comparison, range, micro))
    })
    if (open.length === 0) return undefined
    if (b.at - a.at === 1) return outcomes(a) === outcomes(b) ? undefined : b.at
    const middle = sample(moment, each, a.at + Math.floor((b.at - a.at) / 2))
    return search(a, middle) ?? search(middle, b)
  }

  /** Every comparison's outcome at a sample, as text that can be compared. */
  function outcomes(one: Sample): string {
    return each
      .flatMap(({ name, comparisons }, place) => {
        const { low } = rangeOf(moment, name, one.given[place], one.given[place])
        return comparisons.map((comparison) => (holds(comparison, low, micro) ? 'true' : 'false'))
      })
      .join()
  }
}

function sample(
  moment: Moment,
  each: readonly { readonly lead: LeadId; readonly name: string }[],
  at: Instant,
): Sample {
  const scene = sceneOf({ ...moment, at })
  const given = each.map(({ lead, name }) => {
    const score = moment.definition.scores![name]
    const numbers: number[] = []
    addUp(score, (criterion, group) => {
      numbers.push(giveOf(criterion, decayOf(criterion, group, score), lead, scene).points)
      return 0
    })
    return numbers
  })
  return { at, given }
}

function rangeOf(
  { definition, nudge }: Moment,
  name: string,
  a: readonly number[],
  b: readonly number[],
): { readonly low: number; readonly high: number } {
  const bound = (pick: (x: number, y: number) => number) => {
    let place = 0
    const give = () => {
      const chosen = pick(a[place], b[place])
      place += 1
      return chosen
    }
    return addUp(definition.scores![name], give, nudge)
  }
  return { low: bound(Math.min), high: bound(Math.max) }
}
