/** The random definitions, histories and cases as fast-check arbitraries, with shrinking that keeps them valid. */
import fc from 'fast-check'
import type { Definition } from '../../src/definition/language.ts'
import { drawCase, type Case } from './cases.ts'
import { drawDefinition } from './definitions.ts'
import { Draw } from './draw.ts'
import { drawHistory, type History } from './histories.ts'
import { simplerCases, simplerDefinitions, simplerHistories } from './simpler.ts'

class Drawn<T> extends fc.Arbitrary<T> {
  readonly #make: (draw: Draw) => T
  readonly #simpler: (value: T) => Iterable<T>

  constructor(make: (draw: Draw) => T, simpler: (value: T) => Iterable<T>) {
    super()
    this.#make = make
    this.#simpler = simpler
  }

  override generate(random: fc.Random): fc.Value<T> {
    return new fc.Value(this.#make(new Draw((from, to) => random.nextInt(from, to))), undefined)
  }

  override canShrinkWithoutContext(value: unknown): value is T {
    return typeof value === 'object' && value !== null
  }

  override shrink(value: T): fc.Stream<fc.Value<T>> {
    return fc
      .stream(this.#simpler(value)[Symbol.iterator]() as IterableIterator<T>)
      .map((each) => new fc.Value(each, undefined))
  }
}

export const definitions: fc.Arbitrary<Definition> = new Drawn(drawDefinition, simplerDefinitions)

export const histories = (definition: Definition): fc.Arbitrary<History> =>
  new Drawn((draw) => drawHistory(draw, definition), simplerHistories)

export const cases: fc.Arbitrary<Case> = new Drawn(drawCase, simplerCases)
