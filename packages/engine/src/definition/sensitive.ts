/** Attributes that should not decide about people: contact data, and grounds that the law protects. */
import type { Attribute } from './language.ts'

const PROTECTED: ReadonlySet<string> = new Set(
  `age ages birth birthday birthdate dob born gender sex sexual orientation religion religious faith belief ethnicity ethnic race
   nationality citizenship health illness disease disability disabled pregnant pregnancy marital married maiden union political
   genetic biometric`.split(/\s+/),
)
const PERSONAL: ReadonlySet<string> = new Set(
  `email mail phone mobile telephone fax firstname lastname surname fullname forename address street postcode zip passport ssn
   iban ip`.split(/\s+/),
)
/** `first_name` names a person, `product_name` does not. */
const NAMES_OF_PEOPLE: ReadonlySet<string> = new Set([
  '',
  'first',
  'last',
  'full',
  'given',
  'family',
  'middle',
  'contact',
  'lead',
  'person',
])
/** `stage_age`, `account_age`: not everything with an age is a person. */
const THINGS: ReadonlySet<string> = new Set([
  'account',
  'company',
  'contract',
  'machine',
  'machinery',
  'equipment',
  'fleet',
  'system',
  'building',
  'domain',
])

/** Whether scoring by an attribute is a matter of law or of privacy; what its declaration says comes before what its name suggests. */
export function sensitivityOf(name: string, attribute: Attribute): 'personal' | 'protected' | undefined {
  if (attribute.sensitive !== undefined) return attribute.sensitive
  if (attribute.about === 'account') return undefined
  const words = `${name} ${attribute.label ?? ''}`.toLowerCase().split(/[^\p{L}]+/u)
  if (words.some((word) => PROTECTED.has(word)) && !words.some((word) => THINGS.has(word))) return 'protected'
  // A choice or a truth about an address is no address.
  if (attribute.type !== 'text' && attribute.type !== 'number') return undefined
  if (words.some((word) => PERSONAL.has(word))) return 'personal'
  const namesPerson = words.some((word, at) => word === 'name' && NAMES_OF_PEOPLE.has(words[at - 1] ?? ''))
  return namesPerson ? 'personal' : undefined
}
