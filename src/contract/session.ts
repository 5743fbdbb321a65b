import { z } from 'zod'
import { done, moment, operation, uuid } from './operation.ts'
import { PERMISSION_NAMES, ROLES } from './permission.ts'

/** What every page of the app brings with it, and so kept apart from the other operations of an account. */
export const whoAmI = operation({
  id: 'session.read',
  method: 'get',
  path: '/session',
  summary: 'Who is signed in, for whom they work, and what they may do there',
  needs: 'person',
  answer: () =>
    z.object({
      person: z.object({ id: uuid, name: z.string(), email: z.string(), secondFactor: z.boolean() }),
      csrf: z.string().describe('To be sent as x-wedsync-csrf with every change.'),
      since: moment,
      cursor: z
        .string()
        .describe('Of what is read after this answer, changes are told on the live line from here on.'),
      memberships: z.array(
        z.object({
          vendor: uuid,
          name: z.string(),
          member: uuid,
          role: z.enum(ROLES),
          may: z.array(z.enum(PERMISSION_NAMES)),
        }),
      ),
    }),
})

export const signOut = operation({
  id: 'session.end',
  method: 'delete',
  path: '/session',
  summary: 'Sign out',
  needs: 'person',
  answer: done,
  status: 204,
})
