/** The two agreements that the demo company has had: their texts, from when, and why. */
import type { Instant } from '@winnow/engine'
import { DEFINITION_V1 } from './definition-v1.ts'
import { DEFINITION_V2 } from './definition-v2.ts'
import type { World } from './world.ts'

export interface DemoVersion {
  readonly number: number
  /** The definition as YAML. */
  readonly text: string
  /** From when it was live. */
  readonly publishedAt: Instant
  readonly publishedBy: string
  /** Why it says what it says, as its authors wrote it down. */
  readonly rationale: readonly string[]
}

export const versionsOf = (world: World): readonly [DemoVersion, DemoVersion] => [
  {
    number: 1,
    text: DEFINITION_V1,
    publishedAt: world.start,
    publishedBy: 'ines.falk',
    rationale: [
      'We need something that sorts leads by Monday. Everything that people do on the site earns points.',
      'A hundred points, because that gave about as many leads as sales had asked for in the week in which we tried it.',
      'Sales has seen it and had no time for it.',
    ],
  },
  {
    number: 2,
    text: DEFINITION_V2,
    publishedAt: world.secondVersionAt,
    publishedBy: 'ines.falk',
    rationale: [
      'Sales sent back most of what version 1 called qualified: students who read everything, programs, and people of last year whose points never went away.',
      'So who they are and what they do are two scores now, interest halves every two weeks, and reading alone makes nobody hot.',
      'A request for a demo counts as much as a week of reading: those who were won had asked for something, mostly within a month.',
      'Recommended leads are called when warm: partners and customers send us few, and they are good.',
      'Qualifying takes three of four answers; with two we wrote proposals for people who could not sign.',
      'The first numbers for value are guesses of both teams. Review in three months.',
    ],
  },
]
