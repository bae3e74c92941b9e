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
  leads: z.number().int(),
  stages: z.record(z.string(), z.number().int()).describe('How many of its leads are in each stage'),
})

const attributes = z
  .record(name, factValue)
  .refine((all) => Object.keys(all).length >= 1 && Object.keys(all).length <= 200, '1 to 200 attributes')

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
