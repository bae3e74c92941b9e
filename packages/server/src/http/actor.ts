/** Who makes a request. */
import type { Right, Role } from '@winnow/contract'

export type Actor =
  | {
      readonly kind: 'person'
      readonly id: string
      readonly name: string
      readonly role: Role
      readonly rights: ReadonlySet<Right>
    }
  | { readonly kind: 'key'; readonly id: string; readonly name: string; readonly rights: ReadonlySet<Right> }
  /** A source that sends events; `id` is the source's. */
  | { readonly kind: 'source'; readonly id: string; readonly name: string }

/** How lists name who did it. */
export const nameOf = (actor: Actor | undefined): string => actor?.name ?? 'nobody'
