/** Who may do what. A role is a set of rights; an API key has rights of its own. */
export const RIGHTS = {
  'leads:read': 'See leads, accounts, activities, assessments and the ledger',
  'leads:write': 'Add and change leads, accounts and activities; merge and unmerge',
  'leads:erase':
    'Erase people with everything that is kept of them, and let them in again; say how long activities are kept',
  'decisions:write': 'Accept, reject, qualify, recycle, disqualify, win, lose, override',
  'definitions:read': 'See definitions and their versions',
  'definitions:write': 'Write drafts',
  'definitions:publish': 'Sign definitions, and let them go live; for people only',
  'imports:write': 'Import files',
  'exports:read': 'Export leads and facts',
  'settings:write': 'Change sources, exclusions and other settings',
  'people:write': 'Invite people, change roles, end sessions',
  'keys:write': 'Make and revoke API keys',
  'audit:read': 'See the audit log',
  'metrics:read': 'Read metrics',
} as const
export type Right = keyof typeof RIGHTS

export const ROLES = ['admin', 'marketing', 'sales', 'analyst', 'reader'] as const
export type Role = (typeof ROLES)[number]

const READ: readonly Right[] = ['leads:read', 'definitions:read']

export const RIGHTS_OF: Readonly<Record<Role, readonly Right[]>> = {
  admin: Object.keys(RIGHTS) as Right[],
  marketing: [
    ...READ,
    'leads:write',
    'decisions:write',
    'definitions:write',
    'definitions:publish',
    'imports:write',
    'exports:read',
    'settings:write',
  ],
  sales: [...READ, 'leads:write', 'decisions:write', 'definitions:write', 'definitions:publish', 'exports:read'],
  analyst: [...READ, 'definitions:write', 'exports:read', 'metrics:read'],
  reader: READ,
}

/** Rights that a key may not have: what needs a person's name under it, and what would let a key make keys. */
export const RIGHTS_OF_PEOPLE: readonly Right[] = ['definitions:publish', 'people:write', 'keys:write']
