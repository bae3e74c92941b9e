/**
 * The tracking API that Segment's clients speak. Its messages are decoded by hand, for speed and so that one bad message
 * does not spoil a batch; the schemas of messages here are what the documentation shows.
 */
import { z } from 'zod'
import { instantText, name } from '../common.ts'
import { endpoints, type Endpoint } from '../endpoint.ts'
import { consentPurpose } from './consent.ts'

/** Most messages of one batch. */
export const BATCH_MESSAGES_MAX = 20_000
/** Most bytes of one message, as JSON in UTF-8. */
export const MESSAGE_BYTES_MAX = 32 * 1024

/** Shown in the documentation and not checked: the decoder does that. */
const shown = (schema: z.ZodType): z.ZodUnknown =>
  z.unknown().meta(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>)

const id = z.union([z.string().min(1).max(200), z.number().int()])
const map = z.record(z.string(), z.unknown())

const common = {
  messageId: z.string().min(1).max(100).optional().describe('Unique for ever; a repeat counts once'),
  userId: id.nullish().describe('Your own id of the person'),
  anonymousId: id.nullish().describe('The browser or device'),
  timestamp: instantText.optional().describe('When it happened: ISO 8601 with an offset'),
  sentAt: instantText.optional().describe('When the sender’s clock said it was sent: corrects its skew'),
  context: map.optional().describe('`campaign`, `page`, `traits.email`, `consent`, `userAgent` and `ip` are looked at'),
  writeKey: z.string().optional().describe('Where it is not given as user name of Basic authentication'),
}

const shapes = {
  track: z.looseObject({ ...common, event: name, properties: map.optional() }),
  identify: z.looseObject({ ...common, traits: map.optional() }),
  page: z.looseObject({
    ...common,
    name: z.string().optional(),
    category: z.string().optional(),
    properties: map.optional(),
  }),
  screen: z.looseObject({
    ...common,
    name: z.string().optional(),
    category: z.string().optional(),
    properties: map.optional(),
  }),
  group: z.looseObject({ ...common, groupId: id, traits: map.optional() }),
  alias: z.looseObject({ ...common, userId: id, previousId: id }),
}
const MESSAGE_TYPES = Object.keys(shapes) as MessageType[]
export type MessageType = keyof typeof shapes

const batch = z.looseObject({
  batch: z.array(z.looseObject({ type: z.enum(MESSAGE_TYPES) })).max(BATCH_MESSAGES_MAX),
  context: map.optional(),
  sentAt: common.sentAt,
  writeKey: common.writeKey,
})

/** Where in the body, and why. */
const fault = z.object({
  /** JSON pointer. */
  at: z.string(),
  code: z.string(),
  message: z.string(),
})

const reply = z.object({
  success: z.literal(true),
  messages: z
    .array(
      z.object({
        index: z.number().int(),
        messageId: z.string().optional(),
        status: z.enum(['stored', 'ignored', 'refused', 'conflicting']),
        code: z.string().optional(),
        message: z.string().optional(),
        at: z.string().optional(),
        fields: z.array(fault).optional(),
      }),
    )
    .optional()
    .describe('Only the messages that were not stored just as they came'),
})

const EXAMPLES: Readonly<Record<MessageType, unknown>> = {
  track: { userId: '4711', event: 'Demo Requested', properties: { seats: 40 }, timestamp: '2026-03-01T10:00:00Z' },
  identify: { userId: '4711', traits: { email: 'mara@brightmill.example', jobLevel: 'director' } },
  page: { anonymousId: '5f0c', name: 'Pricing', properties: { path: '/pricing', referrer: 'https://news.example/' } },
  screen: { userId: '4711', name: 'Reports' },
  group: { userId: '4711', groupId: 'brightmill', traits: { employees: 240 } },
  alias: { userId: '4711', previousId: '5f0c' },
}

type Capture = Endpoint<z.ZodType, z.ZodType, z.ZodUnknown, typeof reply>

const route = (path: `/${string}`, summary: string, body: z.ZodType, example: unknown): Capture => ({
  method: 'POST',
  path,
  summary,
  access: 'source',
  rate: 'capture',
  isReadInParts: true,
  body: shown(body),
  reply,
  example: { body: example, reply: { success: true } },
})

const message = (type: MessageType, path: `/${string}`, summary: string): Capture =>
  route(path, summary, shapes[type], EXAMPLES[type])

const BATCH_EXAMPLE = { batch: [{ type: 'track', ...(EXAMPLES.track as object) }], sentAt: '2026-03-01T10:00:01Z' }

const excludedAs = z.enum(['internal', 'competitor', 'test'])

export const captureSettings = z.strictObject({
  excluded: z
    .strictObject({
      emails: z
        .array(z.strictObject({ match: z.string().trim().min(3).max(254), as: excludedAs }))
        .max(5_000)
        .default([])
        .describe('Addresses, or domains with all below them'),
      attributes: z
        .array(z.strictObject({ name, is: z.union([z.string().max(1_000), z.number(), z.boolean()]), as: excludedAs }))
        .max(200)
        .default([]),
    })
    .prefault({})
    .describe('Leads that are kept and not assessed'),
  ignoredAddresses: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .max(1_000)
    .default([])
    .describe('Network addresses whose messages are not taken'),
  bots: z.enum(['ignore', 'keep']).default('ignore'),
  identifyingEvents: z
    .array(name)
    .max(200)
    .default(['Signed Up', 'Signed In', 'Form Submitted'])
    .describe('Events whose property `email` is the address of whoever did it'),
  personalDomains: z
    .strictObject({
      more: z.array(z.string().min(3).max(253)).max(5_000).default([]),
      not: z.array(z.string().min(3).max(253)).max(5_000).default([]),
    })
    .prefault({})
    .describe('Changes to the list of domains where people, not companies, have their addresses'),
  namesMax: z
    .strictObject({
      event: z.number().int().min(1).max(100_000).default(1_000),
      property: z.number().int().min(1).max(100_000).default(2_000),
      trait: z.number().int().min(1).max(100_000).default(500),
    })
    .prefault({})
    .describe('How many different names one source may use'),
  consentPurposes: z
    .record(name, consentPurpose)
    .default({})
    .describe(
      'Which purpose a category of consent is about, where that is not its name: `scoring` for whoever must not be assessed',
    ),
})
export type CaptureSettings = z.output<typeof captureSettings>

const traffic = z.object({ stored: z.number().int(), repeated: z.number().int(), refused: z.number().int() })

export const capture = endpoints({
  track: message('track', '/v1/track', 'Say what somebody did'),
  identify: message('identify', '/v1/identify', 'Say who somebody is'),
  page: message('page', '/v1/page', 'Say that somebody saw a page'),
  screen: message('screen', '/v1/screen', 'Say that somebody saw a screen of an app'),
  group: message('group', '/v1/group', 'Say to which account somebody belongs'),
  alias: message('alias', '/v1/alias', 'Say that two ids are one person'),
  batch: route('/v1/batch', 'Send many messages', batch, BATCH_EXAMPLE),
  import: route('/v1/import', 'Send many messages about the past', batch, BATCH_EXAMPLE),
  // what browsers’ clients send, to keep their requests short
  shortTrack: message('track', '/v1/t', 'Short form of /v1/track'),
  shortIdentify: message('identify', '/v1/i', 'Short form of /v1/identify'),
  shortPage: message('page', '/v1/p', 'Short form of /v1/page'),
  shortScreen: message('screen', '/v1/s', 'Short form of /v1/screen'),
  shortGroup: message('group', '/v1/g', 'Short form of /v1/group'),
  shortAlias: message('alias', '/v1/a', 'Short form of /v1/alias'),
  shortBatch: route('/v1/b', 'Short form of /v1/batch', batch, BATCH_EXAMPLE),

  getCaptureSettings: {
    method: 'GET',
    path: '/api/capture/settings',
    summary: 'See what is kept out of capture',
    access: 'settings:write',
    rate: 'read',
    reply: captureSettings,
  },
  putCaptureSettings: {
    method: 'PUT',
    path: '/api/capture/settings',
    summary: 'Set what is kept out of capture',
    description: 'Replaces all of it; what is left out has its default. It counts for messages from now on.',
    access: 'settings:write',
    rate: 'write',
    audit: 'capture.settings.set',
    body: captureSettings,
    reply: captureSettings,
    example: {
      body: {
        excluded: { emails: [{ match: 'rival.example', as: 'competitor' }] },
        ignoredAddresses: ['192.0.2.0/24'],
      },
    },
  },
  listSourceHealth: {
    method: 'GET',
    path: '/api/sources/health',
    summary: 'See whether something comes from each source',
    description: 'Counts of messages to the minute; what was refused and why is among the warnings.',
    access: 'settings:write',
    rate: 'read',
    reply: z.object({
      items: z.array(
        z.object({
          source: z.uuid(),
          name: z.string(),
          isDisabled: z.boolean(),
          lastEventAt: instantText.nullable(),
          lastHour: traffic,
          lastDay: traffic,
        }),
      ),
    }),
  },
  listCaptureWarnings: {
    method: 'GET',
    path: '/api/capture/warnings',
    summary: 'See what was refused or ignored, and which sources use up their names',
    access: 'settings:write',
    rate: 'read',
    reply: z.object({
      names: z.array(
        z.object({
          source: z.string(),
          kind: z.enum(['event', 'property', 'trait']),
          used: z.number().int(),
          max: z.number().int(),
          isNearlyFull: z.boolean(),
        }),
      ),
      faults: z
        .array(
          z.object({
            source: z.string(),
            day: z.string(),
            code: z.string(),
            count: z.number().int(),
            lastAt: instantText,
            at: z.string(),
            message: z.string(),
            hint: z.string(),
          }),
        )
        .describe('By source, day and code; the latest one as an example'),
    }),
  },
})
