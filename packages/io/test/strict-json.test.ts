import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJsonParts, parseStrictJson } from '../src/index.ts'

/** Everything that the reader looks at twice: odd numbers, keys, text, depth. */
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, '', 0, 2 ** 53, 2 ** 53 - 1, 1e21, 1e300, 0.1, '\u0000', '\ud800', 'é', 'a"b\\'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', '7', '__proto__', 'constructor', 'x'.repeat(201)), tie('value'), {
      noNullPrototype: true,
    }),
  ),
})).value

/** A blank before it keeps a text from being read as one that came straight out of `JSON.stringify`. */
const slowly = (text: string) => parseStrictJson(` ${text}`)

describe('strict JSON', () => {
  test('what is read fast is what would be read slowly', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = JSON.stringify(value)
        expect(parseStrictJson(text)).toEqual(slowly(text))
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['a key twice', '{"a":1,"a":1}'],
    ['a number beyond exactness', '{"a":9007199254740993}'],
    ['a whole number that JSON.parse would give back as it was written', '1e+21'],
    ['a number too large', '1e400'],
    ['a key that reaches prototypes', '{"__proto__":1}'],
    ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`],
    ['10,000 levels', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['half a surrogate pair', '"\\ud800"'],
  ])('refuses %s, fast and slowly', (_name, text) => {
    expect(parseStrictJson(text)).toMatchObject({ ok: false })
    expect(parseStrictJson(text)).toEqual(slowly(text))
  })

  test('−0 is 0', () => {
    expect(parseStrictJson('-0')).toEqual({ ok: true, value: 0 })
  })
})

describe('JSON in parts', () => {
  test.each([
    ['a key twice', '{"a":1,"a":2}', ['b', 1], 'json_key_duplicate'],
    ['a forbidden key', '{"__proto__":{"x":1}}', ['b', 1], 'json_key_forbidden'],
    ['a long key', `{"${'k'.repeat(10_000)}":1}`, ['b', 1], 'json_key_too_long'],
    ['a number that cannot be held', '{"n":1e400}', ['b', 1, 'n'], 'json_number_unsafe'],
    ['a number beyond exactness', '[9007199254740993]', ['b', 1, 0], 'json_number_unsafe'],
    ['half a surrogate pair', '"\\ud800"', ['b', 1], 'text_malformed'],
    ['NUL', '{"t":"a\\u0000"}', ['b', 1, 't'], 'text_nul'],
    [
      'depth',
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      ['b', 1, ...Array.from({ length: 30 }, () => 0)],
      'json_too_deep',
    ],
    ['depth with brackets in text', `${'{"]}":'.repeat(40)}"{"${'}'.repeat(40)}`, expect.anything(), 'json_too_deep'],
  ])('%s spoils only its part', (_name, part, path, code) => {
    const parts = parseJsonParts(`{"b":[{"good":1},${part},{"good":2}]}`)
    expect(parts).toMatchObject({ ok: true, value: { b: { 0: { good: 1 }, 2: { good: 2 }, length: 3 } } })
    expect(parts.ok && parts.faults).toEqual([{ code, path, reason: expect.any(String) }])
  })

  test.each(['', '{', '{"b":[1,', '[1] 2', '['.repeat(100_000), '{"b":[{"a":"\\ud800}]}'])(
    'what is no JSON is refused as a whole: %#',
    (text) => {
      expect(parseJsonParts(text)).toMatchObject({ ok: false, code: 'json_malformed' })
    },
  )

  test('a part with two faults tells both', () => {
    const parts = parseJsonParts('{"b":[{"a":"\\u0000","a":1e999}]}')
    expect(parts.ok && parts.faults.map(({ code }) => code)).toEqual([
      'text_nul',
      'json_key_duplicate',
      'json_number_unsafe',
    ])
  })

  test('nothing reaches a prototype', () => {
    const parts = parseJsonParts('{"b":{"__proto__":{"polluted":1}} }')
    expect(parts.ok && Object.getPrototypeOf((parts.value as { b: object }).b)).toBe(Object.prototype)
  })
})
