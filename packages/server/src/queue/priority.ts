/** How much a lead is worth a person's time at an instant: worth × urgency. Pure. */
import type { Instant, Plan } from '@winnow/engine'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** What is looked at; all of it lies in columns that are true now. */
export interface Standing {
  readonly levels: Readonly<Record<string, string>> | null
  readonly expected_value: number | null
  readonly sla_due_at: Instant | null
  readonly next_change_at: Instant | null
}

/** A service level that is due just now makes a lead this much more urgent. */
const DUE_URGENCY = 4
/** Each of these before it is due halves what is added … */
const DUE_HALVES_MS = 8 * HOUR
/** … and each of these after: what nobody has called for weeks is not what burns most. */
const BREACHED_HALVES_MS = 4 * DAY
/** What changes at this very moment is this much more urgent, for mostly it cools. */
const CHANGE_URGENCY = 0.5
const CHANGE_HALVES_MS = 12 * HOUR

export const priorityOf = (plan: Plan, lead: Standing, now: Instant): number => worth(plan, lead) * urgency(lead, now)

/** Nothing is worth less than nothing: a lead whose work costs more than it brings comes last, not first. */
function worth(plan: Plan, { expected_value, levels }: Standing): number {
  const money = expected_value === null ? 1 : Math.max(0, expected_value)
  return money * (0.5 + goodness(plan, levels ?? {}))
}

/** 1 where every level is the best of its category, 0 where every one is the last. */
function goodness({ layout }: Plan, levels: Readonly<Record<string, string>>): number {
  const parts = [...layout.categories.values()].flatMap((category) => {
    const { name, category: spec, levels: all } = category
    const place = all.indexOf(levels[name] ?? '')
    return 'matrix' in spec || all.length < 2 || place < 0 ? [] : [1 - place / (all.length - 1)]
  })
  return parts.length === 0 ? 0.5 : parts.reduce((sum, each) => sum + each, 0) / parts.length
}

function urgency({ sla_due_at, next_change_at }: Standing, now: Instant): number {
  let sum = 1
  if (sla_due_at !== null) {
    const left = sla_due_at - now
    sum += (DUE_URGENCY - 1) * 2 ** -(left >= 0 ? left / DUE_HALVES_MS : -left / BREACHED_HALVES_MS)
  }
  if (next_change_at !== null && next_change_at >= now)
    sum += CHANGE_URGENCY * 2 ** -((next_change_at - now) / CHANGE_HALVES_MS)
  return sum
}

/** Stages in which somebody may do something about a lead: on the path, after the first, not won; the first where it is alone. */
export function workedStages({ layout }: Plan): string[] {
  const path = layout.stages.stages.filter(({ isSide, isFinal }) => !isSide && !isFinal)
  return (path.length > 1 ? path.slice(1) : path).map(({ stage }) => stage.id)
}
