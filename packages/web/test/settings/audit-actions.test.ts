import { expect, test } from 'vitest'
import { areas, type Endpoint } from '@winnow/contract'
import { ACTIONS } from '../../src/features/settings/audit-actions.ts'
import de from '../../src/text/de/settings.json' with { type: 'json' }
import en from '../../src/text/en/settings.json' with { type: 'json' }

test('whatever can be written down has words, in every language', () => {
  const endpoints = Object.values(areas).flatMap((area): Endpoint[] => Object.values(area))
  const written = endpoints.flatMap(({ audit }) => (audit === undefined ? [] : [audit]))
  const all = [...new Set([...written, 'session.refuse', 'activities.forget'])].toSorted()
  expect([...ACTIONS]).toEqual(all)
  const keys = all.map((action) => action.replaceAll('.', '_')).toSorted()
  for (const { audit } of [en, de]) expect(Object.keys(audit.actions).toSorted()).toEqual(keys)
})
