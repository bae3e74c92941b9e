/** The settings of capture, ready to be asked about each message. */
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import type { CaptureSettings } from '@winnow/contract'
import type { FactValue } from '@winnow/engine'
import { isbot } from 'isbot'
import { attributeName } from './traits.ts'
import { domainOf, isPersonalDomain, normaliseEmail } from './email.ts'

export type ExcludedAs = CaptureSettings['excluded']['emails'][number]['as']

export interface Rules {
  readonly settings: CaptureSettings
  readonly isIgnoredAddress: (address: string) => boolean
  readonly isIgnoredAgent: (userAgent: string) => boolean
  readonly isIdentifyingEvent: (event: string) => boolean
  /** The domain, where it names a company. */
  readonly companyDomain: (email: string) => string | undefined
  readonly excludesEmail: (email: string) => ExcludedAs | undefined
  /** What a category of consent is about. */
  readonly purposeOf: (category: string) => string
  readonly excludesAttribute: (name: string, value: FactValue) => ExcludedAs | undefined
}

export function compileRules(settings: CaptureSettings): Rules {
  const identifying = new Set(settings.identifyingEvents)
  const purposes = new Map(Object.entries(settings.consentPurposes))
  return {
    settings,
    isIgnoredAddress: addressTest(settings.ignoredAddresses),
    isIgnoredAgent: settings.bots === 'ignore' ? remembered(isbot) : () => false,
    isIdentifyingEvent: (event) => identifying.has(event),
    companyDomain: domainReader(settings.personalDomains),
    excludesEmail: emailTest(settings.excluded.emails),
    purposeOf: (category) => purposes.get(category) ?? attributeName(category),
    excludesAttribute: attributeTest(settings.excluded.attributes),
  }
}

function addressTest(ranges: readonly string[]): (address: string) => boolean {
  if (ranges.length === 0) return () => false
  const list = new BlockList()
  for (const range of ranges) {
    const [address, bits] = range.split('/') as [string, string | undefined]
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (text) => {
    const address = text.replace(/^::ffff:(?=\d+\.)/i, '')
    if (isIPv4(address)) return list.check(address, 'ipv4')
    return isIPv6(address) && list.check(address, 'ipv6')
  }
}

const REMEMBERED_MAX = 2_000

/** Few agents come again and again, and looking at one costs more than all else about a message. */
function remembered(test: (text: string) => boolean): (text: string) => boolean {
  const answers = new Map<string, boolean>()
  return (text) => {
    const found = answers.get(text)
    if (found !== undefined) return found
    const answer = test(text.slice(0, 2_000))
    if (answers.size >= REMEMBERED_MAX) answers.clear()
    answers.set(text, answer)
    return answer
  }
}

function domainReader({ more, not }: CaptureSettings['personalDomains']): (email: string) => string | undefined {
  const added = new Set(more.map(fold))
  const removed = new Set(not.map(fold))
  return (email) => {
    const domain = domainOf(email)
    if (removed.has(domain)) return domain
    return added.has(domain) || isPersonalDomain(domain) ? undefined : domain
  }
}

/** Whole addresses, and domains with all below them: `rival.example` is also `mail.rival.example`. */
function emailTest(list: CaptureSettings['excluded']['emails']): (email: string) => ExcludedAs | undefined {
  if (list.length === 0) return () => undefined
  const by = new Map(list.map(({ match, as }) => [normaliseEmail(match) ?? fold(match).replace(/^[@.]/, ''), as]))
  return (email) => {
    const address = by.get(email)
    if (address !== undefined) return address
    for (let domain = domainOf(email); domain !== ''; domain = domain.slice(domain.indexOf('.') + 1)) {
      const found = by.get(domain)
      if (found !== undefined || !domain.includes('.')) return found
    }
    return undefined
  }
}

function attributeTest(
  list: CaptureSettings['excluded']['attributes'],
): (name: string, value: FactValue) => ExcludedAs | undefined {
  if (list.length === 0) return () => undefined
  return (name, value) => list.find((each) => each.name === name && same(each.is, value))?.as
}

const same = (one: FactValue, other: FactValue): boolean =>
  typeof one === 'string' && typeof other === 'string' ? fold(one) === fold(other) : one === other

const fold = (text: string): string => text.normalize('NFC').toLowerCase().trim()
