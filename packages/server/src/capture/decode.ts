/** From a message of the tracking specification to what it says about a lead: by hand, because every event comes this way. */
import { MESSAGE_BYTES_MAX, type MessageType } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type { SourceConsent } from '../consent/heard.ts'
import { canonicalText, digestOf } from './canonical.ts'
import { correct, readTime, type When } from './clock.ts'
import { readPreferences } from './consent.ts'
import type { AccountName, AccountsAreOne, Intake, LeadName, Saying } from '../live/intake.ts'
import { ownDomain } from './company-domain.ts'
import { normaliseEmail } from './email.ts'
import { ID_MAX, isMap, leadNames, readId, type Json } from './names.ts'
import { MessageRefusal, pointerStep, type MessageFault } from './refusal.ts'
import type { ExcludedAs, Rules } from './rules.ts'
import { readTouch } from './touch.ts'
import { readTraits, TEXT_MAX, type Trait } from './traits.ts'

/** What a request says for all of its messages. */
export interface Reception {
  readonly sourceId: string
  readonly receivedAt: Instant
  /** Where the connection comes from. */
  readonly address: string
  readonly rules: Rules
  /** Absent where timestamps are to be taken as they are. */
  readonly sentAt?: Instant
  /** What every message of a batch has that has none of its own. */
  readonly context?: Json
}

export type Decoded = Understood | NotTaken

export interface Understood {
  readonly kind: 'understood'
  readonly intake: Intake
  /** Fields that were left out, or not understood. */
  readonly faults: readonly MessageFault[]
  readonly uses: Uses
}

export interface NotTaken {
  readonly kind: 'ignored' | 'refused'
  readonly messageId?: string
  readonly fault: MessageFault
}

/** Names that a source may use only so many of. */
export interface Uses {
  readonly event?: string
  readonly properties: readonly string[]
  readonly traits: readonly string[]
}

/**
 * @param type  where the address says it; else the message does
 * @param pointer  JSON pointer of the message in the body
 */
export function decodeMessage(
  message: unknown,
  type: MessageType | undefined,
  reception: Reception,
  pointer: string,
): Decoded {
  try {
    return new Decoder(message, type, reception, pointer).decode()
  } catch (error) {
    if (!(error instanceof MessageRefusal)) throw error
    const id = isMap(message) ? message['messageId'] : undefined
    return { kind: 'refused', fault: error.fault, ...(typeof id === 'string' && { messageId: id.slice(0, 100) }) }
  }
}

const TYPES: ReadonlySet<unknown> = new Set(['track', 'identify', 'page', 'screen', 'group', 'alias'])
const MESSAGE_ID_MAX = 100
const NOTHING: Json = {}
const NO_NAMES: readonly string[] = []

class Decoder {
  private readonly message: Json
  private readonly type: MessageType
  private readonly reception: Reception
  private readonly pointer: string
  private readonly says: Saying[] = []
  private readonly faults: MessageFault[] = []
  private readonly traitNames: string[] = []
  private context: Json = NOTHING
  private when!: When
  private id!: string
  private excludedAs: ExcludedAs | undefined
  private accountsAreOne: AccountsAreOne | undefined

  constructor(message: unknown, type: MessageType | undefined, reception: Reception, pointer: string) {
    if (!isMap(message)) throw new MessageRefusal('message_malformed', pointer, 'a message is a JSON object')
    const named = type ?? message['type'] ?? message['action']
    if (!TYPES.has(named)) throw new MessageRefusal('type_unknown', `${pointer}/type`, 'the type is not known')
    this.message = message
    this.type = named as MessageType
    this.reception = reception
    this.pointer = pointer
  }

  decode(): Decoded {
    const { receivedAt, sourceId, sentAt, rules } = this.reception
    this.context = this.mapAt('context') ?? this.reception.context ?? NOTHING
    const ignored = this.reasonToIgnore()
    if (ignored !== undefined) return { kind: 'ignored', fault: ignored }
    const text = canonicalText(this.message)
    // A character has at most three bytes in UTF-8: most messages need not be measured.
    if (text.length * 3 > MESSAGE_BYTES_MAX && Buffer.byteLength(text) > MESSAGE_BYTES_MAX)
      throw this.refusal('message_too_large', '', `a message has at most ${MESSAGE_BYTES_MAX} bytes`)
    const digest = digestOf(text)
    this.id = `${sourceId}:${this.messageId() ?? `~${digest.toString('base64url')}`}`
    this.when = correct(this.timestamp(), sentAt, receivedAt)
    const names = this.read()
    for (const { kind, value } of names) if (kind === 'email') this.excludedAs ??= rules.excludesEmail(value)
    const consent = names.length === 0 ? undefined : this.consent()
    const touch = names.length === 0 ? undefined : readTouch(this.context, this.activityProperties, this.when.at)
    return {
      kind: 'understood',
      intake: {
        messageId: this.id,
        digest,
        receivedAt,
        names,
        ...(this.type === 'alias' && { isCertain: true }),
        says: this.says,
        ...(touch && { touch }),
        ...(consent && { consent }),
        ...(this.excludedAs && { excludedAs: this.excludedAs }),
        ...(this.accountsAreOne && { accountsAreOne: this.accountsAreOne }),
        body: this.body(),
      },
      faults: this.faults,
      uses: {
        ...(this.type === 'track' && { event: this.message['event'] as string }),
        properties: this.activityProperties === NOTHING ? NO_NAMES : Object.keys(this.activityProperties),
        traits: this.traitNames,
      },
    }
  }

  private activityProperties: Json = NOTHING

  /** @returns whom it is about; what it says is in `says` */
  private read(): readonly LeadName[] {
    switch (this.type) {
      case 'track':
        return this.readTrack()
      case 'page':
      case 'screen':
        return this.readView()
      case 'identify':
        return this.readIdentify()
      case 'group':
        return this.readGroup()
      case 'alias':
        return this.readAlias()
    }
  }

  private readTrack(): readonly LeadName[] {
    const event = this.text('event', ID_MAX)
    if (event === undefined || event.trim() === '') throw this.refusal('field_missing', '/event', 'an event has a name')
    const properties = this.mapAt('properties') ?? NOTHING
    const isIdentifying = this.reception.rules.isIdentifyingEvent(event)
    const email = isIdentifying ? this.email(properties['email'], '/properties/email') : undefined
    this.activity(event, properties)
    const names = this.people(email ?? this.contextEmail())
    if (email !== undefined) this.linkByDomain(email)
    return names
  }

  /** Clients put name and category beside the properties or among them, and the page’s address there or in the context. */
  private readView(): readonly LeadName[] {
    const own = this.mapAt('properties') ?? NOTHING
    const page = this.type === 'page' && isMap(this.context['page']) ? this.context['page'] : NOTHING
    const properties: Record<string, unknown> = {}
    for (const key of PAGE_PROPERTIES) {
      const value = page[key]
      if (typeof value === 'string' && value !== '') properties[key] = value
    }
    for (const key of ['category', 'name'] as const) {
      const value = this.text(key, TEXT_MAX)
      if (value !== undefined) properties[key] = value
    }
    this.activity(this.type, Object.assign(properties, own))
    return this.people(this.contextEmail())
  }

  private readIdentify(): readonly LeadName[] {
    const traits = this.mapAt('traits') ?? NOTHING
    const email = this.email(traits['email'], '/traits/email')
    const names = this.people(email ?? this.contextEmail())
    const { company, ...rest } = traits
    const group = isMap(company) ? readId(company, 'id', `${this.pointer}/traits/company`) : undefined
    this.attributes(group === undefined ? traits : rest, '/traits')
    if (group !== undefined) this.belongs(group, company as Json, '/traits/company')
    else if (email !== undefined) this.linkByDomain(email)
    return names
  }

  private readGroup(): readonly LeadName[] {
    const group = readId(this.message, 'groupId', this.pointer)
    if (group === undefined) throw this.refusal('field_missing', '/groupId', 'a group has an id')
    const names = this.names(this.contextEmail())
    this.belongs(group, this.mapAt('traits') ?? NOTHING, '/traits', names.length > 0)
    return names
  }

  private readAlias(): readonly LeadName[] {
    const userId = readId(this.message, 'userId', this.pointer) ?? readId(this.message, 'to', this.pointer)
    const previous = readId(this.message, 'previousId', this.pointer) ?? readId(this.message, 'from', this.pointer)
    if (userId === undefined) throw this.refusal('field_missing', '/userId', 'an alias has a user id')
    if (previous === undefined) throw this.refusal('field_missing', '/previousId', 'an alias has a previous id')
    // Nobody says whether the previous id is that of a browser or of a person.
    return [...leadNames(userId, undefined, previous), { kind: 'user', value: previous }]
  }

  private activity(type: string, properties: Json): void {
    this.activityProperties = properties
    this.says.push({ ...this.base(), kind: 'activity', type, properties })
  }

  private attributes(traits: Json, at: string): void {
    const { rules } = this.reception
    for (const { name, value } of this.traits(traits, at)) {
      this.says.push({ ...this.base(), kind: 'attribute', name, value })
      this.excludedAs ??= rules.excludesAttribute(name, value)
    }
  }

  private belongs(group: string, traits: Json, at: string, isAboutLead = true): void {
    const account: AccountName = { kind: 'group', value: group }
    if (isAboutLead) this.says.push({ ...this.base(), kind: 'link', account })
    for (const { name, value } of this.traits(traits, at))
      this.says.push({ ...this.base(), kind: 'account_attribute', account, name, value })
    const domain = ownDomain(traits, this.reception.rules)
    if (domain !== undefined)
      this.accountsAreOne = {
        account: { kind: 'domain', value: domain },
        other: account,
        because: 'the domain of the group',
      }
  }

  private traits(traits: Json, at: string): readonly Trait[] {
    const read = readTraits(traits, this.pointer + at)
    this.faults.push(...read.faults)
    for (const { name } of read.traits) this.traitNames.push(name)
    return read.traits
  }

  private linkByDomain(email: string): void {
    const domain = this.reception.rules.companyDomain(email)
    if (domain !== undefined)
      this.says.push({ ...this.base(), kind: 'link', account: { kind: 'domain', value: domain } })
  }

  /** INVARIANT: the same message gives the same ids, whenever and however often it comes. */
  private base(): { id: string; at: Instant; flags?: When['flags'] } {
    const { at, flags } = this.when
    const id = `${this.id}.${this.says.length}`
    return flags.length === 0 ? { id, at } : { id, at, flags }
  }

  private people(email: string | undefined): readonly LeadName[] {
    const names = this.names(email)
    if (names.length > 0) return names
    throw this.refusal('id_missing', '/userId', 'the message does not say whom it is about')
  }

  private names(email: string | undefined): readonly LeadName[] {
    const userId = readId(this.message, 'userId', this.pointer)
    return leadNames(userId, email, readId(this.message, 'anonymousId', this.pointer))
  }

  private consent(): SourceConsent | undefined {
    const said = this.context['consent']
    if (said === undefined || said === null) return undefined
    const { words, faults } = readPreferences(said, this.reception.rules, `${this.pointer}/context/consent`)
    this.faults.push(...faults)
    for (const { category } of words) this.traitNames.push(`consent.${category}`)
    return words.length === 0 ? undefined : { sourceId: this.reception.sourceId, at: this.when.at, words }
  }

  private contextEmail(): string | undefined {
    const traits = this.context['traits']
    return isMap(traits) ? this.email(traits['email'], '/context/traits/email') : undefined
  }

  private email(value: unknown, at: string): string | undefined {
    if (value === undefined || value === null || value === '') return undefined
    const email = typeof value === 'string' ? normaliseEmail(value) : undefined
    if (email === undefined)
      this.faults.push({ at: this.pointer + at, code: 'email_malformed', message: 'this is no e-mail address' })
    return email
  }

  private reasonToIgnore(): MessageFault | undefined {
    const { rules, address } = this.reception
    const agent = this.context['userAgent']
    if (typeof agent === 'string' && rules.isIgnoredAgent(agent))
      return { at: `${this.pointer}/context/userAgent`, code: 'bot', message: 'the user agent is that of a program' }
    const ip = this.context['ip']
    // What a server sends comes from the server's address, which says nothing about the lead.
    const from = typeof ip === 'string' ? ip : isMap(this.context['page']) ? address : undefined
    if (from !== undefined && rules.isIgnoredAddress(from))
      return { at: `${this.pointer}/context/ip`, code: 'network_ignored', message: 'the network address is left out' }
    return undefined
  }

  private messageId(): string | undefined {
    const id = this.message['messageId']
    if (id === undefined || id === null || id === '') return undefined
    return this.text('messageId', MESSAGE_ID_MAX)
  }

  private timestamp(): Instant | undefined {
    const key = this.message['originalTimestamp'] === undefined ? 'timestamp' : 'originalTimestamp'
    return readTime(this.message[key], `${this.pointer}/${key}`)
  }

  private text(key: string, charactersMax: number): string | undefined {
    const value = this.message[key]
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'string') throw this.refusal('field_malformed', pointerStep(key), 'this is text')
    if (value.length > charactersMax)
      throw this.refusal('text_too_long', pointerStep(key), `at most ${charactersMax} characters`)
    return value
  }

  private mapAt(key: string): Json | undefined {
    const value = this.message[key]
    if (value === undefined || value === null) return undefined
    if (isMap(value)) return value
    throw this.refusal('field_malformed', pointerStep(key), 'this is a JSON object')
  }

  private refusal(code: MessageFault['code'], at: string, message: string): MessageRefusal {
    return new MessageRefusal(code, this.pointer + at, message)
  }

  /** Without the key that opened the door. */
  private body(): unknown {
    if (this.message['writeKey'] === undefined) return this.message
    const { writeKey: _, ...rest } = this.message
    return rest
  }
}

const PAGE_PROPERTIES = ['path', 'referrer', 'search', 'title', 'url'] as const
