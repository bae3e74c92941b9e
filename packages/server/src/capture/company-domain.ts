/** What a group says of its own domain: where it does, it and the company of that domain are one. */
import { domainOf, normaliseEmail } from './email.ts'
import { isMap } from './names.ts'
import type { Rules } from './rules.ts'

/** A host by itself, as people write it: `brightmill.example`, `https://www.brightmill.example/`. What has a path is somebody's page. */
const OWN_ADDRESS = /^(?:https?:\/\/)?(?:www\.)?([^\s/:?#@]+\.\p{L}[^\s/:?#@.]+)\.?\/?$/iu

/**
 * `domain`, or else `website`. Not `email`: groups give the addresses of agencies and of single people.
 * @returns undefined where it names no company: private addresses, and whoever is no lead (people of ours, test data)
 */
export function ownDomain(
  traits: unknown,
  { companyDomain, excludesEmail }: Pick<Rules, 'companyDomain' | 'excludesEmail'>,
): string | undefined {
  if (!isMap(traits)) return undefined
  const said = [traits['domain'], traits['website']].find((value) => typeof value === 'string' && value.trim() !== '')
  const host = typeof said === 'string' && said.length <= 300 ? OWN_ADDRESS.exec(said.trim())?.[1] : undefined
  const address = host === undefined ? undefined : normaliseEmail(`anybody@${host}`)
  if (address === undefined || excludesEmail(address) !== undefined) return undefined
  const domain = companyDomain(address)
  return domain === undefined ? undefined : domainOf(address)
}
