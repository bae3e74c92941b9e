import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { assess, compileDefinition, parseDefinition, replay, type Definition, type Fact } from '@winnow/engine'
import { cases } from '../../../engine/test/generators/arbitraries.ts'
import type { Case } from '../../../engine/test/generators/cases.ts'
import { readValue } from '../../src/app/yaml-text.ts'
import {
  levelNames,
  namesBeside,
  renamePart,
  renamingsOf,
  type NamedPart,
} from '../../src/features/definition/edit/rename-part.ts'

/** Every part that has a name. */
function partsOf(document: unknown): NamedPart[] {
  const { scores = {}, categories = {} } = document as Definition
  const plain = [
    'attribute',
    'activity',
    'persona',
    'score',
    'category',
    'playbook',
    'team',
    'stage',
    'criterion',
  ] as const
  return [
    ...plain.flatMap((kind) => namesBeside(document, { kind, name: '' }).map((name) => ({ kind, name }))),
    ...Object.keys(scores).flatMap((score) =>
      namesBeside(document, { kind: 'group', score, name: '' }).map(
        (name) => ({ kind: 'group', score, name }) as const,
      ),
    ),
    // Cells without names are called after row and column, and not otherwise.
    ...Object.entries(categories).flatMap(([category, of]) =>
      'matrix' in of && of.matrix.cells === undefined
        ? []
        : levelNames(document, category).map((name) => ({ kind: 'level', category, name }) as const),
    ),
  ]
}

const NEW = 'called_otherwise'

const demo = /`([\s\S]*)`/.exec(
  readFileSync(join(import.meta.dirname, '../../../demo/src/definition-v2.ts'), 'utf8'),
)![1]!

test('there and back again, the text is what it was, for every name of it', () => {
  for (const text of [demo, WITH_MATRIX]) {
    const document = readValue(text)
    for (const part of partsOf(document)) {
      if (renamingsOf(document, part, NEW).length === 0) continue
      const renamed = renamePart(text, document, part, NEW)
      expect(renamed).not.toBe(text)
      const { issues } = parseDefinition(readValue(renamed))
      expect({ part, errors: issues.filter(({ severity }) => severity === 'error') }).toEqual({ part, errors: [] })
      expect(renamePart(renamed, readValue(renamed), { ...part, name: NEW }, part.name)).toBe(text)
    }
  }
})

/** A matrix whose cells have no names of their own, and whatever may refer to one. */
const WITH_MATRIX = `winnow: 1
name: Cells
attributes:
  role: { type: choice, of: [decides, 'uses'], answers: authority } # who
  size: { type: number, about: account }
  "deal": { type: number }
activities:
  asked: { from: [asked, role], where: { role: decides } }
personas:
  boss: { when: { attribute: 'role', is: decides } }
scores:
  fit: { groups: { who: { criteria: [{ id: role, table: role, values: { decides: 60 } }] } } }
  heat: { groups: { what: { criteria: [{ id: asks, each: [asked], points: 9 }] } } }
categories:
  quality: { levels: [{ good: { when: { score: fit, at_least: 5 } } }, { bad: {} }] }
  warmth: { levels: [{ hot: { when: { score: heat, at_least: 5 } } }, { cold: {} }] }
  both: { matrix: { rows: quality, columns: warmth } }
  named: { matrix: { rows: quality, columns: warmth, cells: { good: { hot: A1, cold: B }, bad: { hot: B, cold: C } } } }
stages:
  - { id: lead }
  - id: ready
    enter:
      all:
        - { category: both, in: [good_hot, bad_hot] }
        - not: { persona: [boss] }
        - { leads: { at_least: 1 }, when: { not: { activity: asked } } }
        - { account: { attribute: size, known: true } }
  - { id: customer, by: win, needs: { any: [{ stage: ready, reached: true }, { answers: [authority], at_least: 1 }] } }
value:
  win: { category: both, levels: { good_hot: { probability: 0.5 } } }
  amount: { attribute: deal }
capacity: { sales: { ready_per_week: 5 } }
playbooks: { call: { when: { category: named, is_not: A1 }, title: Call, steps: [Call] } }
examples:
  - name: One
    as_of: 2026-03-02T09:00:00Z
    facts:
      - { attributes: { role: decides, "deal": 5 }, ago: 2d }
      - { forget: [deal] }
      - { decision: override, category: both, level: good_hot }
      - { decision: override, stage: ready }
    expect: { levels: { both: good_hot, quality: good }, stage: ready, points: { role: 60 }, scores: { fit: 60 }, personas: [boss] }
`

test('every lead is assessed as before, under the new name', () => {
  fc.assert(
    fc.property(cases, fc.nat(), ({ definition, facts, looks }, pick) => {
      const parts = partsOf(definition)
      fc.pre(parts.length > 0)
      const part = parts[pick % parts.length]!
      const text = stringify(definition)
      const renamed = renamePart(text, readValue(text), part, NEW)
      expect(renamed).not.toBe(text)
      expect(renamePart(renamed, readValue(renamed), { ...part, name: NEW }, part.name)).toBe(text)

      const after = readValue(renamed) as Definition
      const before = looksAt(definition, facts, looks)
      const told = facts.map((fact) => renamedFact(fact, part))
      const back = JSON.stringify(looksAt(after, told, looks)).replaceAll(NEW, part.name)
      expect(JSON.parse(back)).toEqual(JSON.parse(JSON.stringify(before)))
    }),
    { numRuns: 150 },
  )
})

function looksAt(definition: Definition, facts: readonly Fact[], looks: Case['looks']) {
  const plan = compileDefinition(definition)
  return looks.slice(0, 6).map(({ lead, at }) => assess(plan, replay(plan, facts, { until: at }).circle, lead, at))
}

/** What people and sources report, by the new name. */
function renamedFact(fact: Fact, part: NamedPart): Fact {
  if (fact.kind === 'attribute' || fact.kind === 'account_attribute')
    return part.kind === 'attribute' && fact.name === part.name ? { ...fact, name: NEW } : fact
  if (fact.kind !== 'decision' || fact.override === undefined) return fact
  const { override } = fact
  if ('stage' in override)
    return part.kind === 'stage' && override.stage === part.name ? { ...fact, override: { stage: NEW } } : fact
  if (part.kind === 'category' && override.category === part.name)
    return { ...fact, override: { ...override, category: NEW } }
  const isLevel = part.kind === 'level' && override.category === part.category && override.level === part.name
  return isLevel ? { ...fact, override: { ...override, level: NEW } } : fact
}
