/** Which decisions would change anything, by the stages of the definition (docs/semantics.md, section 8). */
import type { DefinitionWords } from '../../app/definition.ts'

type Stages = DefinitionWords['outline']['stages']

export const DECISIONS = ['accept', 'qualify', 'win', 'reject', 'recycle', 'disqualify', 'lose'] as const
export type Decision = (typeof DECISIONS)[number]

const FORWARD: readonly Decision[] = ['accept', 'qualify', 'win']
const CLOSING: readonly string[] = ['disqualify', 'lose']

export function possibleDecisions(stages: Stages, current: string | null): readonly Decision[] {
  const here = stages.find(({ name }) => name === current)
  if (here === undefined || here.isFinal) return []
  const isClosed = here.isSide && here.by.some((decision) => CLOSING.includes(decision))
  const path = stages.filter(({ isSide }) => !isSide)
  const place = here.isSide ? 0 : path.indexOf(here)
  return DECISIONS.filter((decision) => {
    if (FORWARD.includes(decision))
      return (!isClosed || decision === 'win') && path.some(({ by }, index) => index > place && by.includes(decision))
    if (isClosed) return decision === 'recycle'
    if (CLOSING.includes(decision)) return true
    return here !== path[0] && !here.by.includes(decision)
  })
}

/** The next step forward stands out; the rest is in a menu. */
export function mainDecisions(possible: readonly Decision[]): { main: readonly Decision[]; rest: readonly Decision[] } {
  const forward = possible.find((decision) => FORWARD.includes(decision))
  const back = possible.find((decision) => decision === 'reject' || decision === 'recycle')
  const main = [forward, back].filter((decision) => decision !== undefined)
  return { main, rest: possible.filter((decision) => !main.includes(decision)) }
}
