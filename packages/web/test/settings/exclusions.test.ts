import { expect, test } from 'vitest'
import { readForm, writtenForm } from '../../src/features/settings/exclusions.ts'

const SETTINGS = {
  excluded: {
    emails: [
      { match: 'us.example', as: 'internal' },
      { match: 'rival.example', as: 'competitor' },
    ],
    attributes: [
      { name: 'stage', is: 3, as: 'test' },
      { name: 'is_robot', is: true, as: 'test' },
      { name: 'source', is: 'partner', as: 'internal' },
    ],
  },
  ignoredAddresses: ['192.0.2.0/24'],
  bots: 'keep',
  identifyingEvents: ['Signed Up'],
  personalDomains: { more: ['mail.example'], not: [] },
  namesMax: { event: 7, property: 8, trait: 9 },
}

test('what is read into the form and written again is what it was', () => {
  const settings = SETTINGS as Parameters<typeof readForm>[0]
  expect(writtenForm(settings, readForm(settings))).toEqual(settings)
})
