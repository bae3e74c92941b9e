/** Accounts: the companies that leads belong to. */
import { z } from 'zod'
import { factValue, instant, instantText, name, page, paging, uuid } from '../common.ts'
import { endpoints } from '../endpoint.ts'
import { accountName, accountParams, leadListed, messageId, textQuery } from './shared.ts'

const listed = z.object({
  id: uuid,
  name: z.string().nullable(),
  attributes: z.record(z.string(), factValue),
  createdAt: instantText,
})

const account = listed.extend({
  names: z.array(z.object({ kind: z.string(), value: z.string() })),
  attributeTimes: z.record(z.string(), instantText).describe('Since when each attribute is as it is'),
  mergedFrom: z.array(uuid).describe('Accounts that turned out to be this one'),
  leads: z.number().int(),
  stages: z.record(z.string(), z.number().int()).describe('How many of its leads are in each stage'),
})

const attributes = z
  .record(name, factValue)
  .refine((all) => Object.keys(all).length >= 1 && Object.keys(all).length <= 200, '1 to 200 attributes')

const EXAMPLE_ACCOUNT = '9f1f9c1e-7a51-4d5c-8f0a-2f6f0a4f9d11'

export const accounts = endpoints({
  listAccounts: {
    method: 'GET',
    path: '/api/accounts',
    summary: 'List and search accounts, newest first',
    access: 'leads:read',
    rate: 'read',
    query: z.strictObject({ ...paging, q: textQuery(200).optional().describe('Beginning of a name or domain') }),
    reply: page(listed),
  },
  createAccount: {
    method: 'POST',
    path: '/api/accounts',
    summary: 'Add an account, or add to one',
    access: 'leads:write',
    rate: 'write',
    audit: 'account.add',
    status: 201,
    body: z.strictObject({ id: messageId.optional(), at: instant.optional(), name: accountName, attributes }),
    reply: account,
    example: { body: { name: { kind: 'domain', value: 'brightmill.example' }, attributes: { employees: 240 } } },
  },
  getAccount: {
    method: 'GET',
    path: '/api/accounts/:account',
    summary: 'See an account',
    description: 'The id of an account that was merged gives the account that it is now.',
    access: 'leads:read',
    rate: 'read',
    params: accountParams,
    reply: account,
  },
  changeAccount: {
    method: 'PATCH',
    path: '/api/accounts/:account',
    summary: 'Change what is known of an account',
    access: 'leads:write',
    rate: 'write',
    audit: 'account.change',
    params: accountParams,
    body: z.strictObject({ id: messageId.optional(), at: instant.optional(), attributes }),
    reply: account,
    example: { body: { attributes: { employees: 260 } } },
  },
  mergeAccounts: {
    method: 'POST',
    path: '/api/accounts/:account/merge',
    summary: 'Make another account part of this one',
    description: `Names, leads and what was said of either are those of one account, of two values the later one; every lead that
ever belonged to either is assessed anew. What is said of the other by its names from now on is said of this one.`,
    access: 'leads:write',
    rate: 'write',
    audit: 'account.merge',
    params: accountParams,
    body: z.strictObject({ id: messageId.optional(), other: uuid, because: z.string().min(1).max(1_000).optional() }),
    reply: account,
    example: { params: { account: EXAMPLE_ACCOUNT }, body: { other: '3b8f2f07-8d0c-4e0b-9d2e-6a1c5be0a7d4' } },
  },
  unmergeAccount: {
    method: 'POST',
    path: '/api/accounts/:account/unmerge',
    summary: 'Tell an account apart again from the one that it was merged into',
    description: `Both are then as if they had never been one: each has the leads and the facts that name it, whenever they came in. What
a source says of a group's domain does not join them again; a person can.`,
    access: 'leads:write',
    rate: 'write',
    audit: 'account.unmerge',
    params: accountParams,
    reply: account,
  },
  listAccountMerges: {
    method: 'GET',
    path: '/api/accounts/:account/merges',
    summary: 'List the merges that an account had part in, newest first',
    access: 'leads:read',
    rate: 'read',
    params: accountParams,
    reply: z.object({
      items: z.array(
        z.object({
          account: uuid,
          name: z.string().nullable(),
          into: uuid,
          intoName: z.string().nullable(),
          at: instantText,
          because: z.string(),
          by: z.string().nullable().describe('Null where it follows from what a source said'),
          undoneAt: instantText.nullable(),
          undoneBy: z.string().nullable(),
        }),
      ),
    }),
  },
  listAccountLeads: {
    method: 'GET',
    path: '/api/accounts/:account/leads',
    summary: 'List the leads of an account, newest first',
    access: 'leads:read',
    rate: 'read',
    params: accountParams,
    query: z.strictObject(paging),
    reply: page(leadListed),
  },
})
