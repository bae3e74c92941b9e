/** From the request of a tracking client to messages taken in; and the settings of all that. */
import { orNull, toInstantText, type capture, type MessageType } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type { Call, HandlersOf } from '../http/handler.ts'
import type { IntakePort, Taken } from '../live/intake.ts'
import type { Decoded } from './decode.ts'
import { decodeBatch, decodeSingle, type Body, type Origin } from './envelope.ts'
import { FaultCounts } from './fault-counts.ts'
import { NameLimits, type NamesMax } from './name-limits.ts'
import { hintOf } from './refusal.ts'
import { faultsOf, replyTo, type Reply } from './reply.ts'
import type { Rules } from './rules.ts'
import { CurrentRules } from './settings.ts'
import type { CaptureStore, UsedName } from './store.ts'
import type { SourceHealth, Traffic } from './traffic.ts'

export interface CaptureDeps {
  readonly intake: IntakePort
  readonly store: CaptureStore
  readonly traffic: TrafficLog
}

/** Where it is counted how much comes from each source. */
interface TrafficLog {
  readonly add: (sourceId: string, traffic: Traffic, now: Instant) => void
  readonly write: (now: Instant) => Promise<void>
  readonly read: (now: Instant) => Promise<readonly SourceHealth[]>
}

export interface Capture {
  readonly handlers: HandlersOf<typeof capture>
  /** The rules as they are now, for other ways in. */
  readonly rules: (now: Instant) => Promise<Rules>
  /** Writes what is only counted in memory so far. */
  readonly drain: (now: Instant) => Promise<void>
}

type CaptureCall = Call<typeof capture.batch>
type Decode = (body: Body, origin: Origin) => Decoded[]

const FAULTS_SHOWN_MS = 30 * 86_400_000
const NEARLY_FULL = 0.8

export function createCapture({ intake, store, traffic }: CaptureDeps): Capture {
  const rules = new CurrentRules(store)
  const limits = new NameLimits(store)
  const faults = new FaultCounts(store)

  const capturing =
    (decode: Decode) =>
    async ({ actor, now, request, body, faults: bodyFaults }: CaptureCall): Promise<Reply> => {
      const sourceId = actor!.id
      const current = await rules.get(now)
      const origin = { sourceId, receivedAt: now, address: request.ip, rules: current }
      const decoded = decode({ value: body, faults: bodyFaults }, origin)
      const admitted = await withinLimits(limits, decoded, sourceId, current.settings.namesMax, now)
      const understood = admitted.flatMap((each) => (each.kind === 'understood' ? [each.intake] : []))
      const answers = understood.length === 0 ? [] : await intake.take(understood)
      const told = withoutTooOld(admitted, answers)
      const taken = answers.filter(({ status }) => status !== 'too_old')
      faults.add(sourceId, told.flatMap(faultsOf), now)
      traffic.add(sourceId, trafficOf(told, taken), now)
      return replyTo(told, taken)
    }
  const single = (type: MessageType) => capturing((body, origin) => [decodeSingle(type, body, origin)])

  const [track, identify, page] = [single('track'), single('identify'), single('page')]
  const [screen, group, alias] = [single('screen'), single('group'), single('alias')]
  const batch = capturing((body, origin) => decodeBatch(body, origin, false))
  return {
    rules: (now) => rules.get(now),
    handlers: {
      track,
      identify,
      page,
      screen,
      group,
      alias,
      batch,
      import: capturing((body, origin) => decodeBatch(body, origin, true)),
      shortTrack: track,
      shortIdentify: identify,
      shortPage: page,
      shortScreen: screen,
      shortGroup: group,
      shortAlias: alias,
      shortBatch: batch,

      getCaptureSettings: async ({ now }) => (await rules.get(now)).settings,
      putCaptureSettings: ({ body }) => rules.set(body),
      async listSourceHealth({ now }) {
        await traffic.write(now)
        return { items: (await traffic.read(now)).map(healthReply) }
      },
      async listCaptureWarnings({ now }) {
        await faults.write()
        const { namesMax } = (await rules.get(now)).settings
        return { names: await listNames(store, namesMax), faults: await listFaults(store, now) }
      },
    },
    drain: async (now) => {
      await Promise.all([faults.write(), traffic.write(now)])
    },
  }
}

const trafficOf = (admitted: readonly Decoded[], taken: readonly Taken[]): Traffic => {
  const stored = taken.filter(({ status }) => status === 'stored').length
  const repeated = taken.filter(({ status }) => status === 'repeated').length
  const keptOut = taken.filter(({ status }) => status === 'kept_out').length
  const heard = admitted.filter(({ kind }) => kind !== 'ignored').length - keptOut
  return { stored, repeated, refused: heard - stored - repeated }
}

const healthReply = ({ source_id, name, disabled_at, last_at, hour, day }: SourceHealth) => ({
  source: source_id,
  name,
  isDisabled: disabled_at !== null,
  lastEventAt: orNull(last_at),
  lastHour: hour,
  lastDay: day,
})

/** Messages that would use one name too many are refused. */
async function withinLimits(
  limits: NameLimits,
  decoded: readonly Decoded[],
  sourceId: string,
  max: NamesMax,
  now: Instant,
): Promise<readonly Decoded[]> {
  const uses = decoded.flatMap((each) => (each.kind === 'understood' ? [each.uses] : []))
  const excess = await limits.admit(sourceId, uses, max, now)
  if (excess.every((name) => name === undefined)) return decoded
  let next = 0
  return decoded.map((each) => {
    const name = each.kind === 'understood' ? excess[next++] : undefined
    return name === undefined ? each : overLimit(each, name)
  })
}

function overLimit(decoded: Decoded, { kind }: UsedName): Decoded {
  const message = `the source uses too many different ${kind} names, and one of these is new`
  return { kind: 'refused', fault: { at: '', code: 'names_exhausted', message }, ...idOf(decoded) }
}

/** What turned out to be too old once it was to be stored is told like everything that is refused. */
function withoutTooOld(admitted: readonly Decoded[], taken: readonly Taken[]): readonly Decoded[] {
  let next = 0
  return admitted.map((each) => {
    if (each.kind !== 'understood' || taken[next++]!.status !== 'too_old') return each
    return { kind: 'refused', fault: TOO_OLD, ...idOf(each) }
  })
}

const TOO_OLD = {
  at: '',
  code: 'activity_forgotten',
  message: 'activities of this time are forgotten, and none is taken in',
} as const

const idOf = (decoded: Decoded) =>
  decoded.kind === 'understood' ? { messageId: decoded.intake.messageId.replace(/^[^:]*:/, '') } : {}

const listNames = async (store: CaptureStore, max: NamesMax) =>
  (await store.countNames()).map(({ sourceId, kind, used }) => ({
    source: sourceId,
    kind,
    used,
    max: max[kind],
    isNearlyFull: used >= NEARLY_FULL * max[kind],
  }))

const listFaults = async (store: CaptureStore, now: Instant) =>
  (await store.listFaults(now - FAULTS_SHOWN_MS)).map(({ sourceId, day, count, lastAt, last }) => ({
    source: sourceId,
    day,
    count,
    lastAt: toInstantText(lastAt),
    ...last,
    hint: hintOf(last.code),
  }))
