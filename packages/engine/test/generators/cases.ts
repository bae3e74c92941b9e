/** A definition with a history: what a property test looks at. */
import type { Definition } from '../../src/definition/language.ts'
import { drawDefinition } from './definitions.ts'
import { seeded, type Draw } from './draw.ts'
import { drawHistory, type History } from './histories.ts'

export interface Case extends History {
  readonly definition: Definition
}

export function drawCase(draw: Draw): Case {
  const definition = drawDefinition(draw)
  return { definition, ...drawHistory(draw, definition) }
}

/** The same case for the same seed. */
export const caseOf = (seed: number): Case => drawCase(seeded(seed))
