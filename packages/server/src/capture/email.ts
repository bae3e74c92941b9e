/** E-mail addresses as names of people, and their domains as names of companies. */
import { PERSONAL_DOMAINS, PERSONAL_FAMILIES } from './personal-domains.ts'

/** What a domain or the part before it may hold: no blanks, no controls, no marks that only change how others are shown. */
const ADDRESS = /^[^\s@"(),:;<>[\\\]\p{C}]+@[^\s@"(),:;<>[\\\]\p{C}.]+(?:\.[^\s@"(),:;<>[\\\]\p{C}.]+)+$/u
const ADDRESS_MAX = 254 // RFC 5321

/**
 * One way to write an address: without blanks around it, lower-case, composed (NFC). Nothing else: `a.b@…` and `ab@…` may
 * be two people wherever but at one provider, and whoever writes `ada+news@…` wants to be known so.
 * @returns undefined where it is no address
 */
export function normaliseEmail(text: string): string | undefined {
  if (text.length > 2 * ADDRESS_MAX) return undefined
  const address = text.trim().toLowerCase().normalize('NFC')
  return address.length <= ADDRESS_MAX && ADDRESS.test(address) ? address : undefined
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

/** True where people have their private addresses: the domain names no company. */
export function isPersonalDomain(domain: string): boolean {
  if (PERSONAL_DOMAINS.has(domain)) return true
  const dot = domain.indexOf('.')
  return PERSONAL_FAMILIES.has(domain.slice(0, dot)) && COUNTRY.test(domain.slice(dot + 1))
}

/** `de`, `co.uk`, `com.br`, `net` */
const COUNTRY = /^(?:[a-z]{2}|com?|net|org)(?:\.[a-z]{2})?$/
