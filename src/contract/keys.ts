import { z } from 'zod'
import { networks } from './networks.ts'
import { done, moment, ofVendor, operation, password, uuid } from './operation.ts'
import { PERMISSION_NAMES } from './permission.ts'

/** Keys by which programs speak for a vendor. */
const key = z.object({
  id: uuid,
  name: z.string(),
  hint: z.string().describe('Its first signs, to tell it from others.'),
  scopes: z.array(z.string()),
  networks: z.array(z.string()).describe('From where it is taken; none: from anywhere.'),
  by: z.string(),
  at: moment,
  expires: moment.nullable(),
  revoked: moment.nullable(),
})

export const listKeys = operation({
  id: 'keys.list',
  method: 'get',
  path: '/vendors/{vendor}/keys',
  summary: 'The API keys of the business: what they may do, never the keys',
  needs: 'keys:read',
  params: ofVendor,
  answer: z.object({ items: z.array(key) }),
})

export const makeKey = operation({
  id: 'keys.make',
  method: 'post',
  path: '/vendors/{vendor}/keys',
  summary: 'Make an API key. It is shown this once and kept only as a hash',
  needs: 'keys:write',
  params: ofVendor,
  body: z.strictObject({
    name: z.string().trim().min(1).max(100),
    scopes: z.array(z.enum(PERMISSION_NAMES)).min(1).max(PERMISSION_NAMES.length),
    days: z.int().min(1).max(731).default(365).describe('At most two years; without it, one year.'),
    networks: networks.default([]),
    password,
  }),
  provesPerson: true,
  answer: key.extend({ secret: z.string() }),
  status: 201,
  shownOnce: true,
})

export const limitKey = operation({
  id: 'keys.limit',
  method: 'patch',
  path: '/vendors/{vendor}/keys/{key}',
  summary: 'Say from where a key is taken. From everywhere else it is refused from now on',
  needs: 'keys:write',
  params: ofVendor.extend({ key: uuid }),
  body: z.strictObject({ networks }),
  answer: key,
})

export const revokeKey = operation({
  id: 'keys.revoke',
  method: 'delete',
  path: '/vendors/{vendor}/keys/{key}',
  summary: 'Take a key back: whoever uses it is refused from now on',
  needs: 'keys:write',
  params: ofVendor.extend({ key: uuid }),
  answer: done,
  status: 204,
})
