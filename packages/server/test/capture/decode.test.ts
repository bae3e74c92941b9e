import { captureSettings, type CaptureSettings, type MessageType } from '@winnow/contract'
import { describe, expect, test } from 'vitest'
import { decodeMessage, type Decoded, type Understood } from '../../src/capture/decode.ts'
import { compileRules } from '../../src/capture/rules.ts'
import { NOW } from './capturing.ts'

type Message = Readonly<Record<string, unknown>>

const decode = (message: unknown, settings: object = {}, reception: object = {}): Decoded =>
  decodeMessage(
    message,
    undefined,
    {
      sourceId: 'site',
      receivedAt: NOW,
      address: '198.51.100.7',
      rules: compileRules(captureSettings.parse(settings)),
      ...reception,
    },
    '',
  )

function understood(message: Message, settings: Partial<CaptureSettings> = {}, reception: object = {}): Understood {
  const decoded = decode(message, settings, reception)
  if (decoded.kind !== 'understood') throw new Error(`${decoded.fault.code} at ${decoded.fault.at}`)
  return decoded
}

/** Without ids and instants, which are tested by themselves. */
const saysOf = (message: Message) =>
  understood(message).intake.says.map(({ id: _id, at: _at, flags: _flags, ...rest }) => rest)

const ADA = { userId: 'ada' }

describe('what each call becomes', () => {
  test('track: an activity with its properties as they are', () => {
    const properties = { seats: 40, plan: { name: 'pro', tags: ['a', 1] }, none: null }
    expect(saysOf({ type: 'track', event: 'Demo Requested', ...ADA, properties })).toEqual([
      { kind: 'activity', type: 'Demo Requested', properties },
    ])
  })

  test('page: an activity with name, category and the address, from wherever the client put them', () => {
    const page = { path: '/pricing', url: 'https://a.example/pricing', referrer: '', title: 'Pricing', search: '' }
    expect(
      saysOf({
        type: 'page',
        anonymousId: 'x',
        name: 'Pricing',
        category: 'Site',
        properties: { title: 'Own' },
        context: { page },
      }),
    ).toEqual([
      {
        kind: 'activity',
        type: 'page',
        properties: { path: '/pricing', url: page.url, title: 'Own', name: 'Pricing', category: 'Site' },
      },
    ])
    expect(saysOf({ type: 'screen', ...ADA, name: 'Reports' })).toEqual([
      { kind: 'activity', type: 'screen', properties: { name: 'Reports' } },
    ])
  })

  test('identify: attributes under names that definitions can use, and the company of the address', () => {
    const traits = {
      email: ' Mara@BrightMill.example ',
      jobTitle: 'CTO',
      'Team Size': 12,
      isAdmin: true,
      companyID: 'c7',
      address: { city: 'Gent', geo: { lat: 51.05 } },
      topics: ['a', 'b'],
      phone: null,
      größe: 'L',
    }
    const { intake } = understood({ type: 'identify', ...ADA, anonymousId: 'browser', traits })
    expect(intake.names).toEqual([
      { kind: 'user', value: 'ada' },
      { kind: 'email', value: 'mara@brightmill.example' },
      { kind: 'anonymous', value: 'browser' },
    ])
    expect(intake.isCertain).toBeUndefined()
    expect(saysOf({ type: 'identify', ...ADA, traits })).toEqual([
      { kind: 'attribute', name: 'email', value: ' Mara@BrightMill.example ' },
      { kind: 'attribute', name: 'job_title', value: 'CTO' },
      { kind: 'attribute', name: 'team_size', value: 12 },
      { kind: 'attribute', name: 'is_admin', value: true },
      { kind: 'attribute', name: 'company_id', value: 'c7' },
      { kind: 'attribute', name: 'address_city', value: 'Gent' },
      { kind: 'attribute', name: 'address_geo_lat', value: 51.05 },
      { kind: 'attribute', name: 'topics', value: ['a', 'b'] },
      { kind: 'attribute', name: 'phone', value: null },
      { kind: 'attribute', name: 'größe', value: 'L' },
      { kind: 'link', account: { kind: 'domain', value: 'brightmill.example' } },
    ])
  })

  test('identify with a company that has an id: the account, and what is known of it', () => {
    const company = { id: 'bm', name: 'Brightmill', employee_count: 240 }
    expect(saysOf({ type: 'identify', ...ADA, traits: { email: 'mara@brightmill.example', company } })).toEqual([
      { kind: 'attribute', name: 'email', value: 'mara@brightmill.example' },
      { kind: 'link', account: { kind: 'group', value: 'bm' } },
      { kind: 'account_attribute', account: { kind: 'group', value: 'bm' }, name: 'id', value: 'bm' },
      { kind: 'account_attribute', account: { kind: 'group', value: 'bm' }, name: 'name', value: 'Brightmill' },
      { kind: 'account_attribute', account: { kind: 'group', value: 'bm' }, name: 'employee_count', value: 240 },
    ])
    expect(saysOf({ type: 'identify', ...ADA, traits: { company: { name: 'Brightmill' } } })).toEqual([
      { kind: 'attribute', name: 'company_name', value: 'Brightmill' },
    ])
  })

  test('group: the account of the lead, and what is known of it; without a lead, of the account alone', () => {
    const account = { kind: 'group', value: 'bm' }
    const group = { type: 'group', groupId: 'bm', traits: { employees: 240 } }
    const attribute = { kind: 'account_attribute', account, name: 'employees', value: 240 }
    expect(saysOf({ ...group, ...ADA })).toEqual([{ kind: 'link', account }, attribute])
    expect(saysOf(group)).toEqual([attribute])
    expect(understood(group).intake.names).toEqual([])
  })

  describe('a group that says which domain is its own is the company of that domain', () => {
    const saidOf = (traits: object, settings: object = {}) =>
      understood({ type: 'group', groupId: 'bm', ...ADA, traits }, settings).intake.accountsAreOne?.account.value

    test.each([
      ['domain', 'brightmill.example'],
      ['domain', ' WWW.Brightmill.Example '],
      ['domain', 'https://brightmill.example/'],
      ['website', 'http://www.brightmill.example'],
    ])('%s %s', (name, value) => {
      expect(saidOf({ [name]: value })).toBe('brightmill.example')
    })

    test.each([
      ['website', 'https://network.example/company/brightmill'],
      ['website', 'https://brightmill.example:8080/'],
      ['website', 'https://brightmill.example/?ref=1'],
      ['domain', 'ada@brightmill.example'],
      ['domain', 'brightmill'],
      ['domain', '10.0.0.1'],
      ['domain', 'gmail.com'],
      ['domain', ''],
      ['domain', ['brightmill.example']],
      ['email', 'office@brightmill.example'],
    ])('and no other is: %s %j', (name, value) => {
      expect(saidOf({ [name]: value })).toBeUndefined()
    })

    test('the domain before the website, and neither of ours', () => {
      expect(saidOf({ website: 'https://brightmill.com', domain: 'brightmill.example' })).toBe('brightmill.example')
      const excluded = { emails: [{ match: 'brightmill.example', as: 'internal' }], attributes: [] }
      expect(saidOf({ domain: 'brightmill.example' }, { excluded })).toBeUndefined()
    })

    test('also where it is told with a person', () => {
      const company = { id: 'bm', domain: 'brightmill.example' }
      expect(understood({ type: 'identify', ...ADA, traits: { company } }).intake.accountsAreOne).toEqual({
        account: { kind: 'domain', value: 'brightmill.example' },
        other: { kind: 'group', value: 'bm' },
        because: 'the domain of the group',
      })
    })
  })

  test('alias: two names that are certainly one person', () => {
    const { intake } = understood({ type: 'alias', userId: 'ada', previousId: 'browser' })
    expect(intake).toMatchObject({
      isCertain: true,
      says: [],
      names: [
        { kind: 'user', value: 'ada' },
        { kind: 'anonymous', value: 'browser' },
        { kind: 'user', value: 'browser' },
      ],
    })
  })

  test.each([
    ['mara@gmail.com', undefined],
    ['mara@yahoo.co.uk', undefined],
    ['mara@gmx.net', undefined],
    ['mara@brightmill.example', 'brightmill.example'],
    ['mara@more.example', undefined],
    ['mara@hotmail.com', 'hotmail.com'],
  ])('the address %s belongs to the company %s', (email, domain) => {
    const personalDomains = { more: ['More.example'], not: ['hotmail.com'] }
    const { intake } = understood({ type: 'identify', traits: { email } }, { personalDomains })
    const link = intake.says.find(({ kind }) => kind === 'link')
    expect(link && 'account' in link ? link.account?.value : undefined).toBe(domain)
  })
})

describe('who it is about', () => {
  const names = (message: Message) => understood(message).intake.names.map(({ kind, value }) => `${kind}:${value}`)

  test.each<[name: string, message: Message, names: string[]]>([
    ['a number is its digits', { type: 'track', event: 'e', userId: 4711 }, ['user:4711']],
    ['an empty id is none', { type: 'track', event: 'e', userId: '', anonymousId: 'b' }, ['anonymous:b']],
    ['null is none', { type: 'track', event: 'e', userId: null, anonymousId: 'b' }, ['anonymous:b']],
    ['ids are kept exactly', { type: 'track', event: 'e', userId: ' Ada ' }, ['user: Ada ']],
    [
      'a user id that is an address',
      { type: 'track', event: 'e', userId: 'A@B.example' },
      ['user:A@B.example', 'email:a@b.example'],
    ],
    [
      'the address in the context',
      { type: 'track', event: 'e', userId: 'a', context: { traits: { email: 'A@b.example' } } },
      ['user:a', 'email:a@b.example'],
    ],
    [
      'a form’s address',
      { type: 'track', event: 'Form Submitted', anonymousId: 'x', properties: { email: 'a@b.example' } },
      ['email:a@b.example', 'anonymous:x'],
    ],
    [
      'an invited friend’s address is not one’s own',
      { type: 'track', event: 'Invite Sent', anonymousId: 'x', properties: { email: 'a@b.example' } },
      ['anonymous:x'],
    ],
    [
      'composed and decomposed letters are one address',
      { type: 'identify', traits: { email: 'jose\u0301@b.example' } },
      ['email:jos\u00e9@b.example'],
    ],
    [
      'no tricks with dots and pluses',
      { type: 'identify', traits: { email: 'a.b+c@gmail.com' } },
      ['email:a.b+c@gmail.com'],
    ],
  ])('%s', (_name, message, expected) => {
    expect(names(message)).toEqual(expected)
  })

  test.each(['undefined', 'NULL', ' ', '[object Object]', 'anonymous', '0', 0])('nobody is called %j', (userId) => {
    expect(decode({ type: 'track', event: 'e', userId })).toMatchObject({
      kind: 'refused',
      fault: { at: '/userId', code: 'id_placeholder' },
    })
  })

  test.each([
    'mara',
    'mara@',
    '@x.example',
    'a@b',
    'a b@c.example',
    'Mara <a@b.example>',
    'a@b.example,c@d.example',
    'a\u202e@b.example',
  ])('%j is kept as an attribute and names nobody', (email) => {
    const { intake, faults } = understood({ type: 'identify', ...ADA, traits: { email } })
    expect(intake.names).toEqual([{ kind: 'user', value: 'ada' }])
    expect(intake.says).toMatchObject([{ kind: 'attribute', name: 'email', value: email }])
    expect(faults).toMatchObject([{ code: 'email_malformed', at: '/traits/email' }])
  })
})

describe('when it happened', () => {
  const at = (timestamp: unknown, sentAt?: string) => {
    const reception = sentAt === undefined ? {} : { sentAt: Date.parse(sentAt) }
    const { intake } = understood({ type: 'track', event: 'e', ...ADA, timestamp }, {}, reception)
    const { at, flags } = intake.says[0]!
    return [new Date(at).toISOString(), ...(flags ?? [])]
  }

  test.each<[name: string, timestamp: string | undefined, sentAt: string | undefined, at: string[]]>([
    ['said nowhere', undefined, undefined, ['2026-03-01T12:00:00.000Z']],
    ['in the past', '2026-02-27T10:00:00+01:00', undefined, ['2026-02-27T09:00:00.000Z']],
    ['on a good clock', '2026-03-01T11:59:00.123Z', '2026-03-01T11:59:58Z', ['2026-03-01T11:59:00.123Z']],
    ['on a clock an hour slow', '2026-03-01T10:59:00Z', '2026-03-01T11:00:00Z', ['2026-03-01T11:59:00.000Z', 'skew']],
    ['on a clock an hour fast', '2026-03-01T12:59:00Z', '2026-03-01T13:00:00Z', ['2026-03-01T11:59:00.000Z', 'skew']],
    ['on a clock never set', '1970-01-01T00:00:50Z', '1970-01-01T00:01:00Z', ['2026-03-01T11:59:50.000Z', 'skew']],
    ['in 2099', '2099-01-01T00:00:00Z', undefined, ['2026-03-01T12:00:00.000Z', 'future']],
    [
      'in 2099 though the clock is right',
      '2099-01-01T00:00:00Z',
      '2026-03-01T12:00:00Z',
      ['2026-03-01T12:00:00.000Z', 'future'],
    ],
    ['in 1970', '1970-01-01T00:00:00Z', undefined, ['2026-03-01T12:00:00.000Z', 'past']],
    ['one millisecond before 2000', '1999-12-31T23:59:59.999Z', undefined, ['2026-03-01T12:00:00.000Z', 'past']],
    ['when 2000 began', '2000-01-01T00:00:00Z', undefined, ['2000-01-01T00:00:00.000Z']],
    ['a date', '2026-02-01', undefined, ['2026-02-01T00:00:00.000Z']],
  ])('%s', (_name, timestamp, sentAt, expected) => {
    expect(at(timestamp, sentAt)).toEqual(expected)
  })

  test.each<[name: string, timestamp: unknown]>([
    ['without a zone', '2026-03-01T10:00:00'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['30 February', '2026-02-30T00:00:00Z'],
    ['a number', 1_772_359_200_000],
    ['words', 'yesterday'],
    ['empty', ''],
  ])('%s is refused', (_name, timestamp) => {
    expect(decode({ type: 'track', event: 'e', ...ADA, timestamp })).toMatchObject({
      kind: 'refused',
      fault: { code: 'timestamp_malformed', at: '/timestamp' },
    })
  })

  test('the client’s own time counts before one that another server worked out', () => {
    const message = {
      type: 'track',
      event: 'e',
      ...ADA,
      originalTimestamp: '2026-02-01T00:00:00Z',
      timestamp: '2026-02-02T00:00:00Z',
    }
    expect(understood(message).intake.says[0]!.at).toBe(Date.parse('2026-02-01T00:00:00Z'))
  })
})

describe('which message it is', () => {
  const idOf = (message: Message) => understood({ type: 'track', event: 'e', ...ADA, ...message }).intake.messageId

  test('its own id, within its source', () => {
    expect(idOf({ messageId: 'm-1' })).toBe('site:m-1')
  })

  test('without an id, what it says: a retry is the same message', () => {
    const first = idOf({ properties: { a: 1, b: 2 }, sentAt: '2026-03-01T12:00:00Z', _metadata: { retryCount: 1 } })
    const retry = idOf({ sentAt: '2026-03-01T12:00:09Z', properties: { b: 2, a: 1 }, writeKey: 'wk' })
    expect(retry).toBe(first)
    expect(idOf({ properties: { a: 1, b: 3 } })).not.toBe(first)
  })

  test('every saying has an id of its own, the same every time', () => {
    const message = { type: 'identify', ...ADA, messageId: 'm', traits: { a: 1, b: 2 } }
    expect(understood(message).intake.says.map(({ id }) => id)).toEqual(['site:m.0', 'site:m.1'])
  })

  test('the write key is not kept', () => {
    expect(understood({ type: 'track', event: 'e', ...ADA, writeKey: 'wk' }).intake.body).not.toHaveProperty('writeKey')
  })
})

describe('where they came from', () => {
  const touch = (context: object, properties: object = {}) =>
    understood({ type: 'page', anonymousId: 'x', context, properties }).intake.touch

  test('campaign and referrer', () => {
    const campaign = { source: 'news', medium: 'mail', name: 'spring', term: 'x' }
    const page = { url: 'https://a.example/?utm_source=news', referrer: 'https://search.example/q' }
    expect(touch({ campaign, page })).toEqual({
      at: NOW,
      source: 'news',
      medium: 'mail',
      campaign: 'spring',
      referrer: page.referrer,
      page: page.url,
    })
  })

  test('a page of the same site is no referrer', () => {
    expect(touch({ page: { url: 'https://A.example/b', referrer: 'https://a.example/' } })).toEqual({
      at: NOW,
      page: 'https://A.example/b',
    })
  })

  test('a server says nothing about it', () => {
    expect(understood({ type: 'track', event: 'e', ...ADA }).intake.touch).toBeUndefined()
  })
})

describe('what does not fit', () => {
  test.each<[name: string, message: unknown, code: string, at: string]>([
    ['no object', 'hello', 'message_malformed', ''],
    ['a list', [], 'message_malformed', ''],
    ['no type', { userId: 'a' }, 'type_unknown', '/type'],
    ['an unknown type', { type: 'video', userId: 'a' }, 'type_unknown', '/type'],
    ['nobody', { type: 'track', event: 'e' }, 'id_missing', '/userId'],
    ['an identify of nobody', { type: 'identify', traits: { email: 'x' } }, 'id_missing', '/userId'],
    ['no event', { type: 'track', userId: 'a' }, 'field_missing', '/event'],
    ['an empty event', { type: 'track', userId: 'a', event: '' }, 'field_missing', '/event'],
    ['a blank event', { type: 'track', userId: 'a', event: '  ' }, 'field_missing', '/event'],
    ['an event that is no text', { type: 'track', userId: 'a', event: 7 }, 'field_malformed', '/event'],
    ['a long event', { type: 'track', userId: 'a', event: 'e'.repeat(201) }, 'text_too_long', '/event'],
    ['a long id', { type: 'track', userId: 'a'.repeat(201), event: 'e' }, 'text_too_long', '/userId'],
    [
      'a long message id',
      { type: 'track', userId: 'a', event: 'e', messageId: 'm'.repeat(101) },
      'text_too_long',
      '/messageId',
    ],
    [
      'a message id that is no text',
      { type: 'track', userId: 'a', event: 'e', messageId: 7 },
      'field_malformed',
      '/messageId',
    ],
    ['a fraction as id', { type: 'track', userId: 1.5, event: 'e' }, 'field_malformed', '/userId'],
    [
      'properties in a list',
      { type: 'track', userId: 'a', event: 'e', properties: [] },
      'field_malformed',
      '/properties',
    ],
    ['traits as text', { type: 'identify', userId: 'a', traits: 'x' }, 'field_malformed', '/traits'],
    ['context as text', { type: 'identify', userId: 'a', context: 'x' }, 'field_malformed', '/context'],
    ['a group without id', { type: 'group', userId: 'a' }, 'field_missing', '/groupId'],
    ['a group called null', { type: 'group', userId: 'a', groupId: 'null' }, 'id_placeholder', '/groupId'],
    ['an alias of nothing', { type: 'alias', userId: 'a' }, 'field_missing', '/previousId'],
    [
      'too much',
      { type: 'track', userId: 'a', event: 'e', properties: { t: 'é'.repeat(16_384) } },
      'message_too_large',
      '',
    ],
  ])('%s', (_name, message, code, at) => {
    expect(decode(message)).toMatchObject({ kind: 'refused', fault: { code, at } })
  })

  test.each<[name: string, traits: Message, code: string, at: string]>([
    ['a list of numbers', { sizes: [1, 2] }, 'value_unsupported', '/traits/sizes'],
    ['a list of maps', { a: { orders: [{ id: 1 }] } }, 'value_unsupported', '/traits/a/orders'],
    ['a long text', { bio: 'x'.repeat(10_001) }, 'value_too_long', '/traits/bio'],
    ['a long list', { tags: Array.from({ length: 1_001 }, () => 'x') }, 'value_too_long', '/traits/tags'],
    ['no name', { '': 1 }, 'trait_name_malformed', '/traits/'],
    ['a name with a slash and another spelling', { jobTitle: 'a', job_title: 'b' }, 'trait_twice', '/traits/job_title'],
  ])('%s is left out and told, and the rest kept', (_name, traits, code, at) => {
    const { intake, faults } = understood({ type: 'identify', ...ADA, traits: { plan: 'pro', ...traits } })
    expect(faults).toEqual([{ code, at, message: expect.any(String) }])
    expect(intake.says[0]).toMatchObject({ name: 'plan', value: 'pro' })
  })
})

describe('what is kept out', () => {
  const excluded = {
    emails: [
      { match: 'Rival.example', as: 'competitor' },
      { match: 'qa@ours.example', as: 'test' },
    ],
    attributes: [{ name: 'plan', is: 'Internal', as: 'internal' }],
  } as const

  test.each([
    ['a domain', { email: 'x@rival.example' }, 'competitor'],
    ['one below it', { email: 'x@mail.rival.example' }, 'competitor'],
    ['one that only ends like it', { email: 'x@norival.example' }, undefined],
    ['an address', { email: 'QA@ours.example' }, 'test'],
    ['another address there', { email: 'mara@ours.example' }, undefined],
    ['an attribute', { plan: 'internal' }, 'internal'],
    ['another value', { plan: 'pro' }, undefined],
  ])('%s', (_name, traits, as) => {
    const { intake } = understood(
      { type: 'identify', ...ADA, traits },
      { excluded: { emails: [...excluded.emails], attributes: [...excluded.attributes] } },
    )
    expect(intake.excludedAs).toBe(as)
  })

  test.each<[name: string, context: object, isIgnored: boolean]>([
    ['a browser in the office', { page: {}, ip: undefined }, true],
    ['a browser that a server speaks of', { ip: '203.0.113.9' }, false],
    ['a browser in the office that a server speaks of', { ip: '198.51.100.20' }, true],
    ['an IPv6 office', { ip: '2001:db8::5' }, true],
    ['an IPv4 address in IPv6 clothes', { ip: '::ffff:198.51.100.1' }, true],
    ['no address', { ip: 'office' }, false],
    ['a server in the office', {}, false],
  ])('%s', (_name, context, isIgnored) => {
    const decoded = decode(
      { type: 'track', event: 'e', ...ADA, context },
      { ignoredAddresses: ['198.51.100.0/24', '2001:db8::/32'] },
    )
    expect(decoded.kind).toBe(isIgnored ? 'ignored' : 'understood')
  })

  test.each<[agent: string, isIgnored: boolean]>([
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', true],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36',
      true,
    ],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36', false],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      false,
    ],
  ])('%s', (userAgent, isIgnored) => {
    const message = { type: 'track', event: 'e', ...ADA, context: { userAgent } }
    expect(decode(message).kind).toBe(isIgnored ? 'ignored' : 'understood')
    expect(decode(message, { bots: 'keep' }).kind).toBe('understood')
  })
})

test('the address can say the type', () => {
  const reception = { sourceId: 's', receivedAt: NOW, address: '', rules: compileRules(captureSettings.parse({})) }
  const type: MessageType = 'track'
  expect(decodeMessage({ event: 'e', userId: 'a' }, type, reception, '')).toMatchObject({ kind: 'understood' })
})

describe('what somebody allows', () => {
  const said = (context: object, settings: Partial<CaptureSettings> = {}) =>
    understood({ type: 'track', event: 'e', ...ADA, context }, settings)
  const preferences = (categoryPreferences: unknown) => ({ consent: { categoryPreferences } })

  test.each([
    ['no context', {}],
    ['null', { consent: null }],
    ['nothing of it', preferences({})],
  ])('%s: nothing is said, and nobody is asked', (_name, context) => {
    const { intake, faults } = said(context)
    expect(intake).not.toHaveProperty('consent')
    expect(faults).toEqual([])
  })

  test('categories are purposes by their names, or as the settings say', () => {
    const settings = { consentPurposes: { C0002: 'scoring' } }
    const { intake, uses } = said(preferences({ DataSharing: true, C0002: false, C0003: true }), settings)
    expect(intake.consent).toEqual({
      sourceId: 'site',
      at: NOW,
      words: [
        { purpose: 'data_sharing', isGiven: true, category: 'DataSharing' },
        { purpose: 'scoring', isGiven: false, category: 'C0002' },
        { purpose: 'c0003', isGiven: true, category: 'C0003' },
      ],
    })
    expect(uses.traits).toEqual(['consent.DataSharing', 'consent.C0002', 'consent.C0003'])
  })

  test('a batch says it for messages that have no context of their own', () => {
    const context = preferences({ Email: false })
    expect(understood({ type: 'track', event: 'e', ...ADA }, {}, { context }).intake.consent?.words).toMatchObject([
      { purpose: 'email', isGiven: false },
    ])
  })

  test.each<[name: string, consent: unknown, at: string]>([
    ['text', 'yes', '/context/consent'],
    ['preferences as a list', { categoryPreferences: [] }, '/context/consent'],
    ['neither yes nor no', { categoryPreferences: { Email: 1 } }, '/context/consent/categoryPreferences/Email'],
    ['a name that is none', { categoryPreferences: { '1': true } }, '/context/consent/categoryPreferences/1'],
    [
      'too many',
      { categoryPreferences: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`c${index}`, true])) },
      '/context/consent/categoryPreferences',
    ],
  ])('%s is told, and the message is kept', (_name, consent, at) => {
    const { intake, faults } = said({ consent })
    expect(faults).toMatchObject([{ code: 'consent_unsupported', at }])
    expect(intake).not.toHaveProperty('consent')
    expect(intake.says).toHaveLength(1)
  })
})
